from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def n(service: CustomConnection) -> dict:
    return dict(service)
