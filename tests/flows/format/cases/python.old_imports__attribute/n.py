import promptflow


@promptflow.tool
def n(x: str) -> str:
    return x
