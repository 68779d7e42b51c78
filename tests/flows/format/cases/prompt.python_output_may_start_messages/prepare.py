from promptflow.core import tool


@tool
def prepare(question: str) -> str:
    return f"system:\nYou help.\nuser:\n{question}\n"
