"""The one window over an open workspace, and what goes on in it."""
