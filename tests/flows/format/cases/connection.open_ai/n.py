from promptflow.connections import OpenAIConnection
from promptflow.core import tool


@tool
def n(service: OpenAIConnection) -> dict:
    return {"dict": dict(service), "base": service.base_url, "org": service.organization, "key": service["api_key"], "name": service.name}
