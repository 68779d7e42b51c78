from inner.words import WORD


def answer() -> str:
    return WORD
