from promptflow.core import tool


@tool
def format_passages(passages: str) -> str:
    return passages
