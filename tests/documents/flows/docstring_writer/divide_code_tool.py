from promptflow.core import tool


@tool
def divide_code_tool(file_content: str) -> list:
    return [file_content]
