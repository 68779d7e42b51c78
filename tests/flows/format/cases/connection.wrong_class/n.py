from promptflow.connections import OpenAIConnection
from promptflow.core import tool


@tool
def n(service: OpenAIConnection) -> str:
    return service.api_key
