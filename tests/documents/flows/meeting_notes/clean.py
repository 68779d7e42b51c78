from promptflow.core import tool


@tool
def clean(transcript: str) -> str:
    return transcript
