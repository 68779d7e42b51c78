from promptflow.core import tool


@tool
def grade(answer: str, truth: str) -> bool:
    """Whether an answer is right, whatever its case and spaces."""
    return answer.strip().lower() == truth.strip().lower()
