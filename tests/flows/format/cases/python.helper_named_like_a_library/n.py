import statistics

import statistics_helper
from promptflow.core import tool


@tool
def n() -> list:
    return [statistics.mean([1, 3]), statistics_helper.statistics is statistics]
