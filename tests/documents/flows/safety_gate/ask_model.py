from promptflow.core import tool


@tool
def ask_model(question: str) -> str:
    return question
