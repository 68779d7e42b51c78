from promptflow.core import tool


@tool
def code_execution(code_snippet: str) -> str:
    return code_snippet
