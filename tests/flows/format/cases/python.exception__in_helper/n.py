from helper import deep
from promptflow.core import tool


@tool
def n() -> int:
    return deep({})
