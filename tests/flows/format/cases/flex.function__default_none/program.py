def answer(text: str = None, chat_history: list = None):
    return {"text": text, "history": chat_history}
