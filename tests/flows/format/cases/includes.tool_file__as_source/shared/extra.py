from helper import WHERE
from promptflow.core import tool


@tool
def n(x: int) -> list:
    return [WHERE, x]
