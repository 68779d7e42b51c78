def answer():
    return 3.5
