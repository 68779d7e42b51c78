from dataclasses import dataclass

from promptflow.tracing import trace


@dataclass
class Result:
    output: str


class Greeter:
    def __init__(self, greeting: str, times: int):
        self.greeting = greeting
        self.times = times

    @trace
    def __call__(self, name: str) -> Result:
        return Result(output=" ".join([self.greeting] * self.times) + " " + name)
