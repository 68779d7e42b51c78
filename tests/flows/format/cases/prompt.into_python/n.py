from promptflow.core import tool


@tool
def n(text: str) -> dict:
    return {"lines": text.splitlines(), "is text": isinstance(text, str), "length": len(text)}
