from promptflow.core import tool


@tool
def join(**parts) -> str:
    return str(sorted(parts.items()))
