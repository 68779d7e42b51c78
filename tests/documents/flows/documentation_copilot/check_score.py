from promptflow.core import tool


@tool
def check_score(score: str) -> bool:
    return float(score) == 0
