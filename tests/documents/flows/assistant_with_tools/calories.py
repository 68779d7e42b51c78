from promptflow.core import tool


@tool
def calories(duration: float, activity: str) -> str:
    return f"{activity}: {duration * 300:.0f}"
