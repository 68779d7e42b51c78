from promptflow.core import tool


@tool
def n(x: str):
    yield "one "
    raise ValueError("ran dry")
