from promptflow.core import log_metric, tool


@tool
def accuracy(grades: list) -> float:
    """The share of right answers over all rows."""
    share = sum(grades) / len(grades) if grades else 0.0
    log_metric("accuracy", share)
    return share
