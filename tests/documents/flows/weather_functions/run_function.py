from promptflow.core import tool


@tool
def run_function(response_message: str) -> str:
    return response_message
