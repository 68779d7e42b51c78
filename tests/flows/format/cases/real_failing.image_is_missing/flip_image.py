import io

from promptflow.contracts.multimedia import Image
from promptflow.core import tool


@tool
def passthrough(input_image: Image) -> Image:
    stream = io.BytesIO(input_image)
    return Image(stream.getvalue(), "image/png")
