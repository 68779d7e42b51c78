from pathlib import Path

from promptflow.core import Prompty, tool


@tool
def n(question: str) -> str:
    ask = Prompty.load(source=Path(__file__).parent / "ask.prompty")
    return ask(question=question)
