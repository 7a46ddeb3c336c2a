"""Dialogs that edit one thing."""
