import os

from promptflow.core import tool

os.environ.setdefault("SEEN", "no")


@tool
def n() -> str:
    return os.environ["SEEN"]
