from promptflow.core import tool


@tool
def load_code_tool(source: str) -> str:
    return source
