from promptflow.contracts.multimedia import Image
from promptflow.core import tool


@tool
def listed(picture: Image) -> list:
    return ["a", picture, {"deep": picture}]
