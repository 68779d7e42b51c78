"""A small chat model on this computer: offline, in a process of its own, in the shape of OpenAI's API."""

from flowloom.nodes.services.local_model.service import LocalModel

__all__ = ["LocalModel"]
