class Greeter:
    async def __call__(self, name: str):
        return {"text": "Hello " + name}

    async def __aggregate__(self, lines: list):
        return {"count": len(lines), "first": lines[0]["text"]}
