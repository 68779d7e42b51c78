from promptflow.core import tool


@tool
def n():
    for number in range(5):
        yield f"{number};"
