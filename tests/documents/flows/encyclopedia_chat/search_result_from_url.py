from promptflow.core import tool


@tool
def search_result_from_url(url_list: str, count: int) -> str:
    return url_list
