from promptflow.core import tool


@tool
def n():
    for number in range(3):
        yield f"{number}"
