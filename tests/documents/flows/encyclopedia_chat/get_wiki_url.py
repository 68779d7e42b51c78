from promptflow.core import tool


@tool
def get_wiki_url(entity: str, count: int) -> str:
    return entity
