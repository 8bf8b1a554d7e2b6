"""What holds for all tests: hypothesis neither races a clock nor makes the suite wait."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", max_examples=50, deadline=None)
settings.load_profile("suite")
