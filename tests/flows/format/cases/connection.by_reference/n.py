from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def n(service: CustomConnection) -> str:
    return type(service).__name__
