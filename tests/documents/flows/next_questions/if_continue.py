from promptflow.core import tool


@tool
def if_continue(stop_or_continue: str) -> bool:
    return 'continue' in stop_or_continue.lower()
