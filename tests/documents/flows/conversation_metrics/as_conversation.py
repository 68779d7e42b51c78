from promptflow.core import tool


@tool
def as_conversation(chat_history: list) -> str:
    return ''
