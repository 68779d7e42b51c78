from promptflow.core import tool


@tool
def reply(default_response: str, order_search: str, product_info: str, product_recommendation: str) -> str:
    return default_response
