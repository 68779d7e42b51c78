def n(x: int) -> int:
    return x
