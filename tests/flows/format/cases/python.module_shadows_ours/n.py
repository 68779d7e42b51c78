import utils
from nodes import names
from promptflow.core import tool


@tool
def n() -> list:
    return [utils.WHO, names()]
