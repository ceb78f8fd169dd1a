"""DynamoDB as moto's server plays it, with two repairs.

Its writes are not atomic between threads, as DynamoDB's are, so that it answers one request after the other. And it
copies the whole table once for each operation of a transaction, in case it must go back; one copy does.
"""

import copy
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pytest
from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.moto_server import threaded_moto_server
from moto.server import DomainDispatcherApplication, ThreadedMotoServer


class InTurn(DomainDispatcherApplication):
    """Answers one request after the other."""

    turn = Lock()

    def __call__(self, *request: Any) -> Any:
        with self.turn:
            _copies.clear()
            return super().__call__(*request)


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


@contextmanager
def serving() -> Iterator[str]:
    """Start the server on a free port of loopback; give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threaded_moto_server, "DomainDispatcherApplication", InTurn)
        patch.setattr(Table, "__deepcopy__", copied, raising=False)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()
