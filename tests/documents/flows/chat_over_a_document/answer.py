from promptflow.core import tool


@tool
def answer(prompt: str, history: list) -> dict:
    return {'answer': prompt, 'history': history}
