from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def generate_docstring_tool(divided: str, connection: AzureOpenAIConnection, model: str) -> str:
    return divided
