from promptflow.core import tool


@tool
def select_metrics(metrics: str) -> str:
    return metrics
