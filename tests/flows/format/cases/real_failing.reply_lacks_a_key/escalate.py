from promptflow.core import tool


@tool
def escalate(data: dict) -> str:
    return "to the lawyers"
