from promptflow.core import tool


@tool
def history_to_text(chat_history: list) -> str:
    return ''
