from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def add_message_and_run(conn: AzureOpenAIConnection, thread_id: str, assistant_id: str, input_content: str, assistant_definition: str) -> str:
    return thread_id
