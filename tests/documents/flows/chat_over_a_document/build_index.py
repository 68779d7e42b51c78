from promptflow.core import tool


@tool
def build_index(pdf_path: str) -> str:
    return pdf_path
