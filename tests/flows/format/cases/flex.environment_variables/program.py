import os


def answer():
    return [os.environ["WORD"], os.environ["LIST"]]
