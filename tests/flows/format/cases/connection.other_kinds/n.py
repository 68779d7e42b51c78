from promptflow.connections import CognitiveSearchConnection
from promptflow.core import tool


@tool
def n(service: CognitiveSearchConnection) -> dict:
    return {"dict": dict(service), "base": service.api_base}
