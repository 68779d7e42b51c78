from promptflow.core import tool


@tool
def product_info(query: str) -> str:
    return query
