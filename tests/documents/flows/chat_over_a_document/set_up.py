from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def set_up(connection: AzureOpenAIConnection, config: dict) -> str:
    return ''
