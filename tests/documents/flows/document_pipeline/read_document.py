from promptflow.core import tool


@tool
def read_document(path: str) -> str:
    return path
