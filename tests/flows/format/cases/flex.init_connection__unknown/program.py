from promptflow.connections import CustomConnection


class Caller:
    def __init__(self, service: CustomConnection, path: str = "/"):
        self.service = service
        self.path = path

    def __call__(self, question: str) -> str:
        return f"{question} {self.service.url}{self.path} {type(self.service).__name__}"
