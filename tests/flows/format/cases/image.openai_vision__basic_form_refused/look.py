from promptflow.contracts.multimedia import Image
from promptflow.core import tool


@tool
def look(picture: Image) -> list:
    return [isinstance(picture, Image), isinstance(picture, bytes), len(picture), picture._mime_type, picture.source_url, str(picture)]
