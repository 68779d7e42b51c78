async def answer(question: str):
    for letter in question:
        yield letter + "."
