class Greeter:
    def __init__(self, times: int, words: list):
        self.times = times
        self.words = words

    def __call__(self):
        return [type(self.times).__name__, self.times, self.words]
