import datetime
from dataclasses import dataclass
from enum import Enum

from promptflow.core import tool


class Colour(str, Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    y: int


@tool
def n() -> dict:
    return {"tuple": (1, 2), "enum": Colour.RED, 3: "int key", None: "none key", True: "bool key", 1.5: "float key"}
