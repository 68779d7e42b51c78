from promptflow.core import tool


@tool
def redact(text: str, entities: str) -> str:
    return text
