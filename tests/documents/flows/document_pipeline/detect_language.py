from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def detect_language(text: str, connection: CustomConnection) -> str:
    return text
