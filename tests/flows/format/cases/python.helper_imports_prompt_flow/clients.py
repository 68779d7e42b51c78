from promptflow.tracing import trace


@trace
def shout(x):
    return x.upper()
