from promptflow.core import tool


@tool
def join_scores(answer_relevance: str, conversation_quality: str, creativity: str, grounding: str) -> dict:
    return {'creativity': creativity, 'grounding': grounding, 'answer_relevance': answer_relevance, 'conversation_quality': conversation_quality}
