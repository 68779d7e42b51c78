from promptflow.core import tool


@tool
def prepare(question: str) -> str:
    return question
