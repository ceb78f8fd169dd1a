"""Bundles of every type (FHIR R4, 2.36): each entry is a piece of its own, at its path within the Bundle.

An entry holds a resource, or deletes one, or does neither (a search or a response without one). A bad entry goes to
quarantine alone; a Bundle that can't be taken apart goes there whole.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from metriccare.bronze.parse import check_keys, check_keys_outside, dumps, is_plain
from metriccare.bronze.piece import Piece, accepted, quarantined
from metriccare.bronze.references import Ids, id_of_url, ids_of, resolve
from metriccare.bronze.refusal import RefusedError
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
_INSTANCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([^/?#\s]+)")
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


class _Bundle(msgspec.Struct):
    entry: list[msgspec.Raw]


class _Entry(msgspec.Struct):
    resource: msgspec.Raw


@dataclass(frozen=True)
class Context:
    """What an entry needs of its Bundle.

    Attributes:
        type: of the Bundle.
        stamp: when it was put together, as written: `meta.lastUpdated`, else `timestamp`.
        ids: `Type/id` by `fullUrl`, of all its entries, or those that the entry refers to.
    """

    type: str
    stamp: str | None
    ids: Ids

    def as_text(self, used: Ids) -> str:
        """Return it as JSON, with the ids that were used."""
        return json.dumps({"type": self.type, "stamp": self.stamp, "ids": dict(used)}, ensure_ascii=False)


def context_of(text: str) -> Context:
    """Return what `Context.as_text` wrote."""
    return Context(**json.loads(text))


def bundle_pieces(
    position: str, text: bytes, bundle: dict[str, Any], is_checked: bool = False
) -> Iterator[Piece]:
    """Yield a piece for each entry; one of type Bundle for a Bundle without any.

    Args:
        position: of the Bundle; an entry's is `<position>/entry[<number from 0>]`, and so on in nested ones.
        text: the Bundle.
        bundle: the same, parsed.
        is_checked: whether it is known that no key is there twice.

    Raises:
        RefusedError: the Bundle can't be taken apart.
    """
    entries = bundle.get("entry")
    if text_of(bundle.get("type")) not in TYPES:
        raise RefusedError("bundle_unreadable", "its `type` is none of FHIR R4")
    if entries is None or entries == []:
        check_keys(text, bundle)
        yield accepted(position, text, BUNDLE, resource_id=text_of(bundle.get("id")))
        return
    if not isinstance(entries, list):
        raise RefusedError("bundle_unreadable", "`entry` is no list")
    if not is_checked and not (is_checked := is_plain(text, bundle)):
        check_keys_outside(text, "entry")
    cut = _entry_texts(text)
    context = Context(bundle["type"], _stamp_of(bundle), ids_of(entries))
    for number, (part, entry) in enumerate(zip(cut, entries, strict=True)):
        yield from entry_pieces(f"{position}/entry[{number}]", part, entry, context, is_checked)


def _entry_texts(bundle: bytes) -> list[bytes]:
    """Return the texts of the entries, exactly as they stand there."""
    try:
        return [bytes(raw) for raw in msgspec.json.decode(bundle, type=_Bundle).entry]
    except RecursionError as problem:
        raise RefusedError("too_deep") from problem


def _stamp_of(bundle: dict[str, Any]) -> str | None:
    return stamp(bundle)[0] or text_of(bundle.get("timestamp"))


def entry_pieces(
    position: str, text: bytes, entry: Any, context: Context, is_checked: bool = False
) -> Iterator[Piece]:
    """Yield the pieces of one entry: mostly one, more if it holds a Bundle itself.

    Args:
        position: of the entry.
        text: the entry.
        entry: the same, parsed.
        context: its Bundle.
        is_checked: whether it is known that no key is there twice.
    """
    try:
        if not is_checked:
            check_keys(text, entry)
        yield from list(_taken(position, text, entry, context))
    except RefusedError as refused:
        yield quarantined(position, text, refused, context.as_text(_used(entry, context)))


def _used(entry: Any, context: Context) -> Ids:
    """Return the ids that an entry would need, if it were read once more; keys may be there twice in it."""
    full_url = entry.get("fullUrl") if isinstance(entry, dict) else None
    return resolve(entry, full_url, context.ids)


def _taken(position: str, text: bytes, entry: Any, context: Context) -> Iterator[Piece]:
    if not isinstance(entry, dict):
        raise RefusedError("bad_entry")
    request, response = _part(entry, "request"), _part(entry, "response")
    resource = entry.get("resource")
    if request.get("method") == "DELETE":
        yield _deletion(position, text, request.get("url"), response, context)
    elif request.get("method") == "PATCH":
        raise RefusedError("patch_not_supported")
    elif resource is None:
        yield accepted(position, text, BUNDLE, bundle=context.as_text({}))
    elif known_type(resource) == BUNDLE:
        yield from bundle_pieces(position, _resource_text(text), resource, is_checked=True)
    else:
        yield _resource(position, text, entry, context)


def _deletion(position: str, text: bytes, url: Any, response: dict[str, Any], context: Context) -> Piece:
    """Return a tombstone. A deletion by search names nobody, so that nothing of what it searches is repeated here."""
    named = _INSTANCE.fullmatch(url) if isinstance(url, str) else None
    if isinstance(url, str) and "?" in url:
        raise RefusedError("conditional_delete", repr(url.partition("?")[0][-64:] + "?…"))
    if not named or named[0].endswith(f"_history/{named[2]}"):
        raise RefusedError("bad_deletion")
    check_type(named[1])
    stamped = text_of(response.get("lastModified")) or context.stamp
    return accepted(
        position, text, named[1], resource_id=named[2], last_updated=stamped, bundle=context.as_text({})
    )


def _resource(position: str, text: bytes, entry: dict[str, Any], context: Context) -> Piece:
    resource, full_url = entry["resource"], entry.get("fullUrl")
    kind = known_type(resource)
    cut = _resource_text(text)
    found = identity(resource, kind, cut, id_of_url(full_url, kind))
    last_updated, version_id = stamp(resource)
    response = _part(entry, "response")
    etag = _ETAG.fullmatch(text_of(response.get("etag")) or "")
    used = resolve(resource, full_url, context.ids)
    read = excerpt(cut, resource, kind) or (dumps(resource) if used else cut)
    return accepted(
        position,
        text,
        kind,
        resource_id=found,
        last_updated=last_updated or text_of(response.get("lastModified")),
        version_id=version_id or (etag[1] if etag else None),
        resource=read,
        bundle=context.as_text(used),
    )


def _resource_text(entry: bytes) -> bytes:
    """Return the text of an entry's resource, exactly as it stands there."""
    return bytes(msgspec.json.decode(entry, type=_Entry).resource)


def _part(entry: dict[str, Any], name: str) -> dict[str, Any]:
    part = entry.get(name)
    if part is not None and not isinstance(part, dict):
        raise RefusedError("bad_entry")
    return part or {}
