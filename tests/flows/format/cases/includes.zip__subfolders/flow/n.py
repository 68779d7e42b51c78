import zipfile

from promptflow.core import tool


@tool
def n(files: list) -> dict:
    return {name: sorted(zipfile.ZipFile(name).namelist()) for name in files}
