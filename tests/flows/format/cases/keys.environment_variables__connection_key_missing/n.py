from promptflow.core import tool


import os

SEEN_AT_LOAD = os.environ.get("PLAIN")


@tool
def n(names: list) -> dict:
    return {"at load": SEEN_AT_LOAD, **{name: os.environ.get(name) for name in names}}
