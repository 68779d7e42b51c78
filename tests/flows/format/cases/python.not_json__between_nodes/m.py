from promptflow.core import tool


@tool
def m(things) -> list:
    return [sorted(things["set"]), type(things["thing"]).__name__]
