from promptflow.core import tool


@tool
def cleansing(entities_str: str) -> list:
    return [part.strip() for part in entities_str.split(',')]
