def answer(question: str, **more):
    return {"question": question, "more": more}
