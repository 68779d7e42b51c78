from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def get_or_create_thread(conn: AzureOpenAIConnection, thread_id: str) -> str:
    return thread_id
