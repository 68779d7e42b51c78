from promptflow.connections import SerpConnection
from promptflow.core import tool


@tool
def n(service: SerpConnection) -> dict:
    return {"dict": dict(service)}
