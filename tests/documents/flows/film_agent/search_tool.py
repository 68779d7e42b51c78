def search(words: str) -> str:
    return words
