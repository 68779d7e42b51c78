from promptflow.core import tool


class Words:
    def __init__(self, words):
        self.words = iter(words)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.words)


@tool
def n():
    return Words(["a", "b"])
