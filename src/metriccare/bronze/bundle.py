"""Bundles of every type (FHIR R4, 2.36): each entry is a record of its own, with its path within the Bundle.

An entry contains a resource, deletes one, or does neither (a search, or a response without a resource). A bad entry is
quarantined alone; a Bundle that can't be split into entries is quarantined as a whole.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from metriccare.bronze.input_record import InputRecord, accepted, quarantined
from metriccare.bronze.parse import check_keys, check_keys_outside, dumps, is_plain
from metriccare.bronze.references import Ids, id_of_url, ids_of, resolve
from metriccare.bronze.rejection import RejectedError
from metriccare.bronze.resource import check_type, excerpt, identity, known_type, stamp, text_of

BUNDLE = "Bundle"
TYPES = frozenset(
    {
        "document",
        "message",
        "transaction",
        "transaction-response",
        "batch",
        "batch-response",
        "history",
        "searchset",
        "collection",
    }
)
MAX_ENTRIES = 300_000  # each becomes a record, of a kilobyte of memory; a resource has more than 200 bytes
WITHOUT_RESOURCE = {"", "GET", "HEAD", "POST", "PUT"}  # a search, or what the server answered to a write
_INSTANCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([^/?#\s]+)")
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


class _Bundle(msgspec.Struct):
    entry: list[msgspec.Raw]


class _Entry(msgspec.Struct):
    resource: msgspec.Raw


@dataclass(frozen=True)
class Context:
    """What is needed of a Bundle to read one of its entries.

    Attributes:
        type: type of the Bundle.
        stamp: its time as written: `meta.lastUpdated`, else `timestamp`.
        ids: `Type/id` by `fullUrl`, of all entries or of those that the entry refers to.
    """

    type: str
    stamp: str | None
    ids: Ids

    def to_json(self, used: Ids) -> str:
        """Return the context as JSON, with the given ids only."""
        return json.dumps({"type": self.type, "stamp": self.stamp, "ids": dict(used)}, ensure_ascii=False)


def context_from_json(text: str) -> Context:
    """Return the context that `Context.to_json` wrote."""
    return Context(**json.loads(text))


def bundle_records(
    position: str, text: bytes, bundle: dict[str, Any], is_checked: bool = False
) -> Iterator[InputRecord]:
    """Yield one record per entry; one record of type Bundle if there are no entries.

    Args:
        position: position of the Bundle; that of an entry is `<position>/entry[<number from 0>]`, also when nested.
        text: the Bundle as text.
        bundle: the parsed Bundle.
        is_checked: duplicate keys are already ruled out.

    Raises:
        RejectedError: the Bundle can't be split into entries.
    """
    entries = bundle.get("entry")
    if text_of(bundle.get("type")) not in TYPES:
        raise RejectedError("bundle_unreadable", "its `type` is not one of FHIR R4's Bundle types")
    if entries is None or entries == []:
        check_keys(text, bundle)
        yield accepted(position, text, BUNDLE, resource_id=text_of(bundle.get("id")))
        return
    if not isinstance(entries, list):
        raise RejectedError("bundle_unreadable", "`entry` must be a list")
    if len(entries) > MAX_ENTRIES:
        raise RejectedError("document_too_large", f"more than {MAX_ENTRIES:,} entries")
    if not is_checked and not (is_checked := is_plain(text, bundle)):
        check_keys_outside(text, "entry")
    texts = _entry_texts(text)
    context = Context(bundle["type"], _stamp_of(bundle), ids_of(entries))
    for number, (part, entry) in enumerate(zip(texts, entries, strict=True)):
        yield from entry_records(f"{position}/entry[{number}]", part, entry, context, is_checked)


def _entry_texts(bundle: bytes) -> list[bytes]:
    """Return the entries' texts unchanged."""
    try:
        return [bytes(raw) for raw in msgspec.json.decode(bundle, type=_Bundle).entry]
    except RecursionError as problem:
        raise RejectedError("too_deep") from problem


def _stamp_of(bundle: dict[str, Any]) -> str | None:
    return stamp(bundle)[0] or text_of(bundle.get("timestamp"))


def entry_records(
    position: str, text: bytes, entry: Any, context: Context, is_checked: bool = False
) -> Iterator[InputRecord]:
    """Yield the records of one entry: one, or more if the entry contains a Bundle.

    Args:
        position: position of the entry.
        text: the entry as text.
        entry: the parsed entry.
        context: context from its Bundle.
        is_checked: duplicate keys are already ruled out.
    """
    try:
        if not is_checked:
            check_keys(text, entry)
        yield from list(_classified(position, text, entry, context))
    except RejectedError as rejected:
        yield quarantined(position, text, rejected, context.to_json(_ids_used(entry, context)))


def _ids_used(entry: Any, context: Context) -> Ids:
    """Return the ids needed to read a quarantined entry again; it may contain duplicate keys."""
    full_url = entry.get("fullUrl") if isinstance(entry, dict) else None
    return resolve(entry, full_url, context.ids)


def _classified(position: str, text: bytes, entry: Any, context: Context) -> Iterator[InputRecord]:
    if not isinstance(entry, dict):
        raise RejectedError("bad_entry")
    request, response = _part(entry, "request"), _part(entry, "response")
    resource = entry.get("resource")
    method = (text_of(request.get("method")) or "").strip().upper()
    if method == "DELETE":
        yield _deletion(position, text, request.get("url"), response, context)
    elif method == "PATCH":
        raise RejectedError("patch_not_supported")
    elif resource is None and method not in WITHOUT_RESOURCE:
        raise RejectedError("bad_entry")
    elif resource is None:
        yield accepted(position, text, BUNDLE, bundle=context.to_json({}))
    elif known_type(resource) == BUNDLE:
        yield from bundle_records(position, _resource_text(text), resource, is_checked=True)
    else:
        yield _resource(position, text, entry, context)


def _deletion(
    position: str, text: bytes, url: Any, response: dict[str, Any], context: Context
) -> InputRecord:
    """Return a tombstone; of a deletion by search, the message must not repeat the search terms."""
    named = _INSTANCE.fullmatch(url) if isinstance(url, str) else None
    if isinstance(url, str) and "?" in url:
        raise RejectedError("conditional_delete", repr(url.partition("?")[0][-64:] + "?…"))
    if not named or named[0].endswith(f"_history/{named[2]}"):
        raise RejectedError("bad_deletion")
    check_type(named[1])
    stamped = text_of(response.get("lastModified")) or context.stamp
    return accepted(
        position, text, named[1], resource_id=named[2], last_updated=stamped, bundle=context.to_json({})
    )


def _resource(position: str, text: bytes, entry: dict[str, Any], context: Context) -> InputRecord:
    resource, full_url = entry["resource"], entry.get("fullUrl")
    kind = known_type(resource)
    content = _resource_text(text)
    resource_id = identity(resource, kind, content, id_of_url(full_url, kind))
    last_updated, version_id = stamp(resource)
    response = _part(entry, "response")
    etag = _ETAG.fullmatch(text_of(response.get("etag")) or "")
    used = resolve(resource, full_url, context.ids)
    read = excerpt(content, resource, kind) or (dumps(resource) if used else content)
    return accepted(
        position,
        text,
        kind,
        resource_id=resource_id,
        last_updated=last_updated or text_of(response.get("lastModified")),
        version_id=version_id or (etag[1] if etag else None),
        resource=read,
        bundle=context.to_json(used),
    )


def _resource_text(entry: bytes) -> bytes:
    """Return the text of an entry's resource unchanged."""
    return bytes(msgspec.json.decode(entry, type=_Entry).resource)


def _part(entry: dict[str, Any], name: str) -> dict[str, Any]:
    part = entry.get(name)
    if part is not None and not isinstance(part, dict):
        raise RejectedError("bad_entry")
    return part or {}
