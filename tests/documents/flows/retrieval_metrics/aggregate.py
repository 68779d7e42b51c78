from promptflow.core import log_metric, tool


@tool
def aggregate(results: list) -> float:
    share = sum(bool(value) for value in results) / max(len(results), 1)
    log_metric("share", share)
    return share
