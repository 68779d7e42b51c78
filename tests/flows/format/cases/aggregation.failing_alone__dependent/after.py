from promptflow.core import tool


@tool
def after(text: str) -> str:
    return text
