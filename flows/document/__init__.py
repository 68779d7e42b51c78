"""The flow folder on disk: reading, places of values, changes as splices, saving."""

from flowloom.flows.document.flow_file import FlowFile, read
from flowloom.flows.document.yaml_text import load_values, load_yaml
from flowloom.flows.document.yaml_tree import Location, YamlText

__all__ = ["FlowFile", "Location", "YamlText", "load_values", "load_yaml", "read"]
