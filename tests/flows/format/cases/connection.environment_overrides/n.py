from promptflow.connections import OpenAIConnection
from promptflow.core import tool


@tool
def n(service: OpenAIConnection) -> list:
    return [service.api_key, service.base_url]
