"""Nodes that take texts apart and put them together."""
