from typing import List

from promptflow.core import log_metric, tool


@tool
def accuracy(grades: List[str], label: str = "accuracy"):
    right = sum(grade == "Correct" for grade in grades if grade)
    value = round(right / len(grades), 2)
    log_metric(key=label, value=value)
    log_metric("count", len(grades))
    return value
