from promptflow.core import tool


CALLS = []


@tool
def n() -> str:
    CALLS.append(1)
    raise ConnectionError(f"attempt {len(CALLS)}")
