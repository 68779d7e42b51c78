from promptflow.core import tool


import logging


@tool
def n(x: int) -> int:
    logging.getLogger("mine").warning("careful")
    return x
