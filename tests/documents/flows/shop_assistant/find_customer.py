from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def find_customer(customer_id: str, conn: CustomConnection) -> str:
    return customer_id
