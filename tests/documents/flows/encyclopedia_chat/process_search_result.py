from promptflow.core import tool


@tool
def process_search_result(search_result: str) -> str:
    return search_result
