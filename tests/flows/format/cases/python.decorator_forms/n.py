from promptflow.core import tool


@tool(name="Say it", description="Says it", type="python")
def n(x: str) -> str:
    """Say it."""
    return x
