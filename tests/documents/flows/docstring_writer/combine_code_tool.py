from promptflow.core import tool


@tool
def combine_code_tool(divided: str) -> str:
    return divided
