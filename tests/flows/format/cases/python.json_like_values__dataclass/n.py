from dataclasses import dataclass

from promptflow.core import tool


@dataclass
class Point:
    x: int
    y: int


@tool
def n():
    return Point(1, 2)
