def answer():
    return {"text": (word + " " for word in ["one", "two"]), "n": 2}
