from promptflow.core import tool


@tool
def class_check(llm_result: str) -> str:
    return llm_result
