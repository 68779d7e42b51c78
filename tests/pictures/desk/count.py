from promptflow.core import tool


@tool
def count(text: str, longest: int = 200) -> int:
    """How many words the answer has, at most ``longest``."""
    return min(len(text.split()), longest)
