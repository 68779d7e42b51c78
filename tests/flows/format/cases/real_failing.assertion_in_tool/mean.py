from promptflow.core import tool


@tool
def mean(scores: list, limit: int) -> float:
    assert max(scores) <= limit, f"a score above {limit}"
    return sum(scores) / len(scores)
