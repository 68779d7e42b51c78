from promptflow.core import tool


@tool
def read(pieces) -> str:
    return "|".join(pieces)
