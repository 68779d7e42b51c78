from promptflow.core import tool


@tool
def find_products(question: str, index_name: str, embedding: str, search: str) -> str:
    return question
