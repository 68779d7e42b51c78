from promptflow.core import tool


@tool
def content_safety_check(text: str) -> bool:
    return 'weapon' not in text
