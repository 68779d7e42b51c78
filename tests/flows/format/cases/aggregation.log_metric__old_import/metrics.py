from promptflow import log_metric, tool


@tool
def metrics(numbers: list) -> str:
    log_metric("sum", sum(numbers))
    return "done"
