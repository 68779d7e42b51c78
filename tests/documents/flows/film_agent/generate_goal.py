from promptflow.core import tool


@tool
def generate_goal(items: str) -> str:
    return items
