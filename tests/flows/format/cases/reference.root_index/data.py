from promptflow.core import tool


@tool
def rows() -> list:
    return ["first", {"k": "second"}, ["third"]]
