from promptflow.core import log_metric, tool


@tool
def total(numbers: list) -> int:
    log_metric("total", sum(numbers))
    return sum(numbers)
