from promptflow.core import tool


@tool
def work(text: str) -> str:
    """What this node does, in a sentence."""
    return text
