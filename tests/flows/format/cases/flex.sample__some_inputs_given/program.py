def answer(a: str = "A", b: str = "B") -> str:
    return a + b
