from promptflow.core import tool


@tool
def recommendation(query: str) -> str:
    return query
