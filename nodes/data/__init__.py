"""Nodes that read, check and write structured data, and fetch it over HTTP."""
