from promptflow.core import tool


@tool
def n(x: int):
    return {"pieces": (i for i in range(x))}
