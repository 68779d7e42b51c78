from pathlib import Path

from promptflow.core import tool

AT_IMPORT = Path("data/words.txt").read_text().split()


@tool
def n() -> dict:
    return {"import": AT_IMPORT, "run": Path("data/words.txt").read_text().split(), "file": Path(__file__).name, "absolute": Path(__file__).is_absolute(), "name": __name__, "beside": (Path(__file__).parent / "data" / "words.txt").exists()}
