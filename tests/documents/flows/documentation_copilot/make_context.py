from promptflow.core import tool


@tool
def make_context(search_result: str) -> str:
    return search_result
