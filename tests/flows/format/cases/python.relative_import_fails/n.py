from .helper import NAME
from promptflow.core import tool


@tool
def n():
    return NAME
