from promptflow.core import tool


@tool
def check(order: dict) -> dict:
    return {"id": order["id"]}
