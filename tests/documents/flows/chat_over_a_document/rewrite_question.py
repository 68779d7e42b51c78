from promptflow.core import tool


@tool
def rewrite_question(question: str, history: list, ready: str) -> str:
    return question
