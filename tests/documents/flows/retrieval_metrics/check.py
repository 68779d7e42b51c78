from promptflow.core import tool


@tool
def check(answer: str, question: str, documents: str, selected: str) -> dict:
    return {'groundedness': True, 'relevance': question != '', 'retrieval': documents != ''}
