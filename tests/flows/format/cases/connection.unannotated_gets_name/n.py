from promptflow.core import tool


@tool
def n(service) -> str:
    return service
