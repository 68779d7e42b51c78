from text_tools import clean

from promptflow.core import tool


@tool
def clean_up(text: str) -> str:
    return clean(text)
