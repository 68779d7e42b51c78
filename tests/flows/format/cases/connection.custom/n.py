from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool
def n(service: CustomConnection) -> dict:
    return {
        "is custom": isinstance(service, CustomConnection),
        "url": service.url,
        "token": service.token,
        "dict": dict(service),
        "item": service["region"],
        "configs": service.configs,
        "secrets": sorted(service.secrets),
        "missing": getattr(service, "nothing", "none"),
        "is_secret": service.is_secret("token"),
    }
