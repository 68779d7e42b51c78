from promptflow.core import log_metric, tool


@tool
def broken(numbers: list) -> str:
    log_metric("before", 1)
    raise ValueError("cannot add these up")
