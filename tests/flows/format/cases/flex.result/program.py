def answer():
    return {"a": 1, "b": [1, 2]}
