"""Whose calls these are: an access key that is the name of a role, which the emulator takes like any other."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import boto3

ACCESS_KEY = "AWS_ACCESS_KEY_ID"


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Sign what is called in here, and by processes started in here, as a role."""
    before = os.environ[ACCESS_KEY]
    os.environ[ACCESS_KEY], boto3.DEFAULT_SESSION = role, None
    try:
        yield
    finally:
        os.environ[ACCESS_KEY], boto3.DEFAULT_SESSION = before, None


def always_as(role: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes all its calls as a role."""

    @wraps(function)
    def acting(*given: Any, **named: Any) -> Any:
        with acting_as(role):
            return function(*given, **named)

    return acting
