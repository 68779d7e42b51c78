from promptflow.core import tool


@tool
def after(text: str) -> int:
    return len(text)
