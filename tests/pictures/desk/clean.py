from promptflow.core import tool


@tool
def clean(text: str) -> str:
    """Joins lines and removes spaces that say nothing."""
    return " ".join(text.split())
