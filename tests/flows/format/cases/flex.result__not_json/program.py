class Thing:
    pass


def answer():
    return {"thing": Thing()}
