from promptflow.core import tool


@tool
def parse_score(text: str) -> str:
    return text
