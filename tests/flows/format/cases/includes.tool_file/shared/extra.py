from promptflow.core import tool


@tool
def n(files: list) -> list:
    return ["from the include", *files]
