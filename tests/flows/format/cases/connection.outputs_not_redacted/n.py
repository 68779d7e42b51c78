from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def n(service: CustomConnection) -> str:
    print("the token is", service.token)
    return "the token is " + service.token
