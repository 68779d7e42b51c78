from promptflow.core import tool


@tool
def merge(web: str, own: str) -> dict:
    return {'sources': [web, own]}
