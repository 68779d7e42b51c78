from promptflow.core import tool


@tool
def select(metrics: str) -> str:
    return metrics
