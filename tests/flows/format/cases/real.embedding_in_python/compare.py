from promptflow.core import tool


import math


@tool
def compare(x: list, y: list) -> float:
    dot = sum(a * b for a, b in zip(x, y))
    return round(dot / (math.hypot(*x) * math.hypot(*y)), 6)
