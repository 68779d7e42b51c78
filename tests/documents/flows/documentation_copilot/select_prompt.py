from promptflow.core import tool


@tool
def select_prompt(answer_prompt: str, not_relevant: str, refuse_prompt: str) -> str:
    return answer_prompt
