from pathlib import Path

from promptflow.core import AsyncPrompty, tool


@tool
async def n(question: str) -> str:
    ask = AsyncPrompty.load(source=Path(__file__).parent / "ask.prompty")
    return await ask(question=question)
