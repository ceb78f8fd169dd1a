"""Two repairs of DynamoDB as moto plays it.

Its writes are not atomic between threads, as DynamoDB's are, so that it answers one request after the other. And it
copies the whole table once for each operation of a transaction, in case it must go back; one copy does.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pytest
from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

turn = Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Let one request go at a time; copies of tables are those of this request."""
    with turn:
        _copies.clear()
        yield


_copies: dict[int, Table] = {}


def copied(table: Table, _: object) -> Table:
    """Return a copy of a table as it was when the request began."""
    if id(table) not in _copies:
        one = _copies[id(table)] = copy.copy(table)
        one.items = defaultdict(dict)
        for partition, items in table.items.items():
            one.items[partition] = {key: copied_item(item) for key, item in items.items()}
    return _copies[id(table)]


def copied_item(item: Item) -> Item:
    one: Item = copy.copy(item)
    one.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    dict.update(one.attrs, item.attrs)  # the values never change in place; the size is known to be allowed
    return one


def repair(patch: pytest.MonkeyPatch) -> None:
    """Repair moto for as long as `patch` lives; its requests must come in `turn`."""
    patch.setattr(Table, "__deepcopy__", copied, raising=False)
