from promptflow.core import tool


@tool
def n(x: str) -> str:
    return x


if __name__ == "__main__":
    raise RuntimeError("only run by hand")
