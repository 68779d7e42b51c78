import clients
from promptflow.core import tool


@tool
def n(x: str) -> str:
    return clients.shout(x)
