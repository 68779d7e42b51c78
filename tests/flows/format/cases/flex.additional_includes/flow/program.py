from pathlib import Path


def answer() -> str:
    return Path("words.txt").read_text()
