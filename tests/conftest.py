"""What every test shares: the number of cases that properties try."""

from __future__ import annotations

from hypothesis import settings

# `make soak` asks for the second by name; a property that sets its own number keeps it.
settings.register_profile("daily", max_examples=50, deadline=None)
settings.register_profile("soak", max_examples=5000, deadline=None)
settings.load_profile("daily")
