from promptflow.core import tool


@tool
def data():
    return None
