from promptflow.core import tool


@tool
def say(text="default") -> str:
    return f"said {text}"
