def answer() -> str:
    return "flex"
