from typing import TypedDict

from promptflow.tracing import trace


class Result(TypedDict):
    coverage: float
    length: int


class EvalFlow:
    def __init__(self, words: list = None):
        self.words = words or []

    @trace
    def __call__(self, answer: str) -> Result:
        found = [word for word in self.words if word in answer.lower()]
        return Result(coverage=len(found) / max(1, len(self.words)), length=len(answer))

    def __aggregate__(self, line_results: list) -> dict:
        return {"average_coverage": sum(r["coverage"] for r in line_results) / len(line_results)}
