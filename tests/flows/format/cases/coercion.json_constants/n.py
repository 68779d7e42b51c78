from promptflow.core import tool


@tool
def n() -> dict:
    return {"nan": float("nan"), "inf": float("inf"), "ninf": float("-inf"), "one": 1.0, "big": 10**30}
