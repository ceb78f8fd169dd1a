"""A pytest plugin with the hypothesis profile of `make test-long`: ten times the examples, no deadline."""

from hypothesis import settings

settings.register_profile("long", max_examples=1000, deadline=None)
