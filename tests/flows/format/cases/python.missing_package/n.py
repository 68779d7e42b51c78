import contoso_missing_package

from promptflow.core import tool


@tool
def n(x: int) -> int:
    return contoso_missing_package.twice(x)
