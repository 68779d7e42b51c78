from promptflow.core import tool


@tool
def split(text: str, size: int) -> dict:
    words = text.split()
    pieces = [" ".join(words[i : i + size]) for i in range(0, len(words), size)]
    return {"pieces": pieces, "count": len(pieces)}
