from promptflow.core import tool


@tool
def fetch_page(url: str) -> str:
    return url
