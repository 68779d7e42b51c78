def answer():
    return "plain"
