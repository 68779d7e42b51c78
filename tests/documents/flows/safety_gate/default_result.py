from promptflow.core import tool


@tool
def default_result(question: str) -> str:
    return question
