"""Balie: a customer-contact desk. The layers and who may import whom stand in ARCHITECTURE.md."""

__version__ = "0.1.0"
