from promptflow.core import tool


@tool
def extract_result(input1: str) -> str:
    return input1
