from promptflow.connections import CustomStrongTypeConnection
from promptflow.contracts.types import Secret
from promptflow.core import tool


class MyConnection(CustomStrongTypeConnection):
    """Where the service lives.

    :param token: The token.
    :type token: Secret
    :param url: The address.
    :type url: str
    """

    token: Secret
    url: str = "http://default.example"


@tool
def n(service: MyConnection) -> dict:
    return {"class": type(service).__name__, "is": isinstance(service, MyConnection), "url": service.url, "token": service.token, "item": service["url"]}
