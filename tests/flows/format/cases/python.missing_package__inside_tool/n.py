from promptflow.core import tool


@tool
def n(x: int) -> int:
    import contoso_missing_package

    return contoso_missing_package.twice(x)
