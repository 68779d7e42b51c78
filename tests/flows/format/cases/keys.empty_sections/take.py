from promptflow.core import tool


@tool
def take(value="nothing"):
    return value
