"""Measurements, each beside the programs it is compared with, in the same run on the same work. ``make bench ONLY=area``."""
