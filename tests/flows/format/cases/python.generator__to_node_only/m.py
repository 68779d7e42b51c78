from promptflow.core import tool


@tool
def m(pieces) -> list:
    return [piece.strip() for piece in pieces]
