"""Commissions numériques locales: all that the product knows and does, without a window."""

__version__ = "0.1.0"
