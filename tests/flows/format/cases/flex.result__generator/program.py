def answer():
    yield "one "
    yield "two"
