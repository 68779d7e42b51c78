from typing import Optional

from promptflow.core import tool


@tool
def n(a: int, b: float = 2.5, *, c: Optional[str] = None, d=True, **more) -> dict:
    return {"a": a, "b": b, "c": c, "d": d, "more": more}
