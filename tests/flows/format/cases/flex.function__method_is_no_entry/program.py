class Greeter:
    def hello(self, name: str):
        return name
