"""A deterministic stand-in for OpenAI's API on this computer, for trying flows without a provider and for testing
against faults."""
