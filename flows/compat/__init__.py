"""The names that flows made for prompt flow import, where prompt flow itself is not installed."""
