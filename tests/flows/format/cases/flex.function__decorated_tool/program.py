from promptflow.core import tool


@tool
def answer(text: str) -> str:
    return text.upper()
