from helpers import shout
from promptflow.core import tool


@tool
def n(x: str) -> str:
    return shout(x) + "?"
