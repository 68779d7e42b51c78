from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def key_phrases(chunks: str, connection: CustomConnection) -> str:
    return chunks
