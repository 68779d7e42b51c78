import importlib

import helper
from package.inner import deep
from promptflow.core import tool


@tool
def n() -> list:
    return [helper.NAME, deep(), importlib.import_module("package.other").VALUE]
