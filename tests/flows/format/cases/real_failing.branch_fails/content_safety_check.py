from promptflow.core import tool


@tool
def content_safety_check(text: str) -> str:
    # You can use a content safety node to replace this tool.
    return "weapon" not in text.lower()
