from promptflow.core import tool


@tool
def check_input(chat_history: list, selected_metrics: str) -> dict:
    return {'creativity': True, 'grounding': bool(chat_history), 'answer_relevance': True, 'conversation_quality': True}
