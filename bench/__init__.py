"""Benchmarks: Balie beside the raw limit and its own parts, on one pinned core. ``python -m bench --help``."""
