from promptflow.connections import AzureOpenAIConnection
from promptflow.core import tool


@tool
def n(service: AzureOpenAIConnection) -> dict:
    return {"dict": dict(service), "base": service.api_base, "version": service.api_version, "type": service.api_type, "key": service["api_key"]}
