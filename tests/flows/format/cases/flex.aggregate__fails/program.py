class Judge:
    def __init__(self):
        self.factor = 10

    def __call__(self, score: int):
        return {"scaled": score * self.factor}

    def __aggregate__(self, lines: list) -> dict:
        return {"mean": sum(line["scaled"] for line in lines) / len(lines), "count": 1 / 0}
