"""Benchmarks: Balie beside the raw limit and its own parts, in one run on one pinned core. ``python -m bench --help``."""
