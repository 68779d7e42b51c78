from promptflow.core import tool


@tool
def flip_image(input_image: str) -> str:
    return input_image
