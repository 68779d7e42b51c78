from promptflow.core import tool


CALLS = []


@tool
def n() -> str:
    CALLS.append(1)
    if len(CALLS) < 3:
        raise ConnectionError("not yet")
    return f"after {len(CALLS)} attempts"
