from promptflow.core import tool


@tool
def n(items: list) -> list:
    items.append("added")
    return items
