from promptflow.core import log_metric, tool


@tool
def metrics(number: int) -> int:
    log_metric("number", number)
    return number
