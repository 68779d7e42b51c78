from promptflow.core import tool


@tool
def code_refine(original_code: str) -> str:
    return original_code
