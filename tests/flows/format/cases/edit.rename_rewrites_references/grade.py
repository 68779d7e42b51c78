from promptflow.core import tool


@tool
def grade(answer: str, truth: str, strict: bool) -> str:
    same = answer == truth if strict else answer.lower() == truth.lower()
    return "Correct" if same else "Incorrect"
