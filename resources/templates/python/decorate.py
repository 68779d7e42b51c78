from promptflow.core import tool


@tool
def decorate(text: str, border: str = "*") -> str:
    """Put a border around a text."""
    line = f"{border} {text.strip()} {border}"
    return "\n".join([border * len(line), line, border * len(line)])
