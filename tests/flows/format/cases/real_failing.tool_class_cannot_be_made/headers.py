from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def headers(connection: CustomConnection, request_id: int) -> dict:
    return {"api-key-length": len(connection.api_key), "id": request_id, "url": connection["api_base"], "keys": sorted(dict(connection))}
