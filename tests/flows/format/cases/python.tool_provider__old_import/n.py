from promptflow import ToolProvider, tool


class Counter(ToolProvider):
    def __init__(self, start: int, word: str = "count"):
        super().__init__()
        self.start = start
        self.word = word

    @tool
    def count(self, by: int = 1) -> str:
        """Count up."""
        return f"{self.word} {self.start + by}"
