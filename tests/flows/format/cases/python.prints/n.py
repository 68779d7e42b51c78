from promptflow.core import tool


import sys


@tool
def n(x: int) -> int:
    print("to stdout")
    print("to stderr", file=sys.stderr)
    return x
