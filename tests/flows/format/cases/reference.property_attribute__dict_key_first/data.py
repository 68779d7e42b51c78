from promptflow.core import tool


@tool
def data() -> dict:
    return {"items": [1, 2], "keys": "mine"}
