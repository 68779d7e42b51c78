import contoso_missing_package


def judge():
    return 1
