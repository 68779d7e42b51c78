from promptflow.core import tool


from enum import Enum


class Tone(str, Enum):
    WARM = "warm"
    COLD = "cold"


@tool
def show(value: Tone) -> str:
    plain = next((kind for kind in (bool, int, float, str, list, dict) if isinstance(value, kind)), type(value))
    return f"{plain.__name__}: {value!r}" if value is not None else "nothing"
