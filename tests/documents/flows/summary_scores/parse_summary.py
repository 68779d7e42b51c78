from promptflow.core import tool


@tool
def parse_summary(summarization: str) -> str:
    return summarization
