from promptflow.core import tool
from shared import WHERE

try:
    import beside
except ImportError:
    beside = None


@tool
def n() -> list:
    return [WHERE, beside is None]
