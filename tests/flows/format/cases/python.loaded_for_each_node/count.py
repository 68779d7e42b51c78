from promptflow.core import tool


import counter

MINE = []


@tool
def count(after=None) -> int:
    MINE.append(1)
    counter.SHARED.append(1)
    return len(MINE) * 100 + len(counter.SHARED)
