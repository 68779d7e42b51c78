from promptflow.core import tool


@tool
def n(s: int, i: str, d: int, b: str, l: str, o: str) -> dict:
    return {name: [type(value).__name__, value] for name, value in {"s": s, "i": i, "d": d, "b": b, "l": l, "o": o}.items()}
