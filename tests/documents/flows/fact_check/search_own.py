from promptflow.core import tool


@tool
def search_own(query: str, top: int) -> str:
    return query
