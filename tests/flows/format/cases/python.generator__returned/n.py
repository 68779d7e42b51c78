from promptflow.core import tool


@tool
def n(x: int):
    return (str(i) for i in range(x))
