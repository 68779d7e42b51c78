from promptflow.core import tool


@tool
def n(x: int) -> None:
    print("nothing to say")
