from promptflow.core import tool


@tool
def concat(groundedness: str, relevance: str, retrieval: str) -> dict:
    return {'groundedness': groundedness, 'relevance': relevance, 'retrieval': retrieval}
