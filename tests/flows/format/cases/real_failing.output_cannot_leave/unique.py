from promptflow.core import tool


@tool
def unique(names: list) -> set:
    return set(names[:1])
