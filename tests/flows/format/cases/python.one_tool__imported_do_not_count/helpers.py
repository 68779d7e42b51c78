from promptflow.core import tool


@tool
def shout(x: str) -> str:
    return x.upper() + "!"
