def answer(question: str) -> dict:
    return {"question": question}
