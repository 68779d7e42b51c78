from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def entities(chunks: str, connection: CustomConnection) -> str:
    return chunks
