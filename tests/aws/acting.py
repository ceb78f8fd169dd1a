"""Whose calls these are: an access key that is the name of a role, which the emulator takes like any other."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import boto3

ACCESS_KEY = "AWS_ACCESS_KEY_ID"


@contextmanager
def starting_as(role: str) -> Iterator[None]:
    """Let the processes that are started in here act as a role; what this process calls stays its own."""
    before = os.environ[ACCESS_KEY]
    os.environ[ACCESS_KEY] = role
    try:
        yield
    finally:
        os.environ[ACCESS_KEY] = before


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Act as a role in this process too, by boto3's default session."""
    before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
    try:
        with starting_as(role):
            yield
    finally:
        boto3.DEFAULT_SESSION = before


def always_as(role: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes all its calls as a role."""

    @wraps(function)
    def acting(*given: Any, **named: Any) -> Any:
        with acting_as(role):
            return function(*given, **named)

    return acting
