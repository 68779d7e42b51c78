from typing import TypedDict


class Answer(TypedDict):
    text: str
    score: float


def answer() -> Answer:
    return {"text": "a", "score": 1.5}
