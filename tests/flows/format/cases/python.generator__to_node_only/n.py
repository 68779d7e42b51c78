from promptflow.core import tool


@tool
def n(x: str):
    for word in x.split():
        yield word + " "
