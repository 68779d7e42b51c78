class Greeter:
    def __init__(self, greeting: str = "Hello"):
        self.greeting = greeting

    async def __call__(self, name: str):
        return {"text": self.greeting + " " + name}

    async def __aggregate__(self, lines: list):
        return {"count": len(lines)}
