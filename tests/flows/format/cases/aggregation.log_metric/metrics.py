from promptflow.core import log_metric, tool


@tool
def metrics(numbers: list) -> str:
    log_metric("mean", sum(numbers) / len(numbers))
    log_metric(key="mean", value=9)
    log_metric("label", "text")
    log_metric("with variant", 0.5, variant_id="variant_0")
    return "done"
