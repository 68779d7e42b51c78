"""Nodes that decide, repeat and call: they never compute anything themselves."""
