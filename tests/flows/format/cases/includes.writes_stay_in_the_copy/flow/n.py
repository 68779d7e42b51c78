from pathlib import Path

from promptflow.core import tool


@tool
def n() -> str:
    Path("made.txt").write_text("made")
    return Path("made.txt").read_text() + Path("words.txt").read_text()
