from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def n(service: CustomConnection = None) -> str:
    return "none given" if service is None else service.url
