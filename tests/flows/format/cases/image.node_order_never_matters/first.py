from promptflow.contracts.multimedia import Image
from promptflow.core import tool


@tool
def first(picture: Image) -> str:
    return str(picture)
