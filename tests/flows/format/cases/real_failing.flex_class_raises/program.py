class Judge:
    def __init__(self, limit: str = "3"):
        self.limit = int(limit)

    def __call__(self, score: int) -> str:
        if score > self.limit:
            raise ValueError(f"{score} is above {self.limit}")
        return "ok"
