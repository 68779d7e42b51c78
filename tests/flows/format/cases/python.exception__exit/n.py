from promptflow.core import tool


import sys


@tool
def n(x: int) -> int:
    sys.exit(3)
