from promptflow.contracts.multimedia import Image
from promptflow.core import tool


@tool
def make(picture: Image) -> Image:
    return Image(bytes(picture) + b"more", mime_type="image/png")
