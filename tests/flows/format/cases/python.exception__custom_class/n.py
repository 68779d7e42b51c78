from promptflow.core import tool


class QuotaSpent(Exception):
    def __str__(self):
        return "no calls left today"


@tool
def n() -> int:
    raise QuotaSpent
