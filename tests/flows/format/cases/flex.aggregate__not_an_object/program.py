class Greeter:
    def __call__(self, name: str):
        return {"text": "Hello " + name}

    def __aggregate__(self, lines: list):
        return len(lines)
