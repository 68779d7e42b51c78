"""A flow over the rows of a dataset: reading, mapping columns to inputs, running side by side, results row by row."""
