def answer(question: str = "what?") -> str:
    return question + " that!"
