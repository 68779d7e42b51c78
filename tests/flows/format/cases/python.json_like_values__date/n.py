import datetime

from promptflow.core import tool


@tool
def n():
    return {"when": datetime.datetime(2024, 1, 31, 10, 30)}
