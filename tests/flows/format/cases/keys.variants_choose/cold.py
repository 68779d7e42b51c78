from promptflow.core import tool


@tool
def cold(name: str, stop: str) -> str:
    return name + stop
