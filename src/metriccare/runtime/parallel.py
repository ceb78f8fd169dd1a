"""Works of Spark that do not need each other, at the same time: while one is planned, another one runs."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def at_once(works: Iterable[Callable[[], T]]) -> list[T]:
    """Do each work in a thread of its own, and return what they give, in their order.

    On a small delivery Spark spends most of a run planning queries, each on one core.

    Raises:
        BaseException: what the first work that failed raised, after all have come to their end.
    """
    with ThreadPoolExecutor() as pool:
        begun = [pool.submit(work) for work in works]
    return [work.result() for work in begun]
