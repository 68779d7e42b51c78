import re


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def overlap(a, b):
    return len(words(a) & words(b))
