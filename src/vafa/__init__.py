"""Vafa: customer retention for growing businesses."""

__version__ = "0.1.0"
