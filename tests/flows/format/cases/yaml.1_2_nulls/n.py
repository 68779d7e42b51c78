from promptflow.core import tool


@tool
def n(a="A", b="B", c="C", d="D", e="E") -> str:
    return f"{a} {b} {c} {d} {e}"
