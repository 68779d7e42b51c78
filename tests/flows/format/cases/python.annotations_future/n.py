from __future__ import annotations

from typing import List

from promptflow.core import tool


@tool
def n(x: int, y: str, z: List[int]) -> list:
    return [x, y, z]
