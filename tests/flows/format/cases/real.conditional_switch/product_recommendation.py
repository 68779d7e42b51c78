from promptflow.core import tool


@tool
def product_recommendation(query: str) -> str:
    return "I recommend promptflow to you, which can solve your problem very well."
