def answer(question: str, times: int = 2) -> str:
    return question * times
