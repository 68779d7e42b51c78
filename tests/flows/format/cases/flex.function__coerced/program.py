def answer(question: str, times: int = 2):
    return [question, times, type(times).__name__]
