from promptflow.core import tool


@tool
def download(url: str, ready: str) -> str:
    return url
