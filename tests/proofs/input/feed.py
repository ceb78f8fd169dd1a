"""A raw folder with every shape in which FHIR R4 is sent, and every edge of the format; one lake reads it at once."""

import gzip
import json
from pathlib import Path
from typing import Any

from tests.bronze.mutations import inputs
from tests.support.builders import encounter, organization, patient

SHAPES = (
    "lines",
    "lines.gz",
    "crlf",
    "bom",
    "pretty",
    "pretty.gz",
    "hidden_gzip",
    "wrongly_named.gz",
    "transaction",
    "nested",
    "history",
    "searchset",
)
FUZZED, SEED = 500, 8
LONG_LINE = 50_000_000  # bytes
Resource = dict[str, Any]


def write_feed(folder: Path) -> None:
    """Write the whole feed."""
    for shape in SHAPES:
        _write(folder / f"source={shape}", shape, _visit(shape))
    _write_edges(folder / "source=edges")
    _write_broken(folder / "source=broken")
    fuzzed = folder / "source=fuzzed"
    fuzzed.mkdir(parents=True)
    lines = [text.replace(b"\n", b" ") for text in inputs(SEED, FUZZED)]
    (fuzzed / "lines.ndjson").write_bytes(b'{"resourceType": "Basic"}\n' + b"\n".join(lines))
    for number, text in enumerate(inputs(SEED + 1, 40)):
        (fuzzed / f"{number}.json").write_bytes(gzip.compress(text) if number % 5 == 0 else text)


def _visit(shape: str) -> list[Resource]:
    """Return one patient with one stay of three nights, the same in every shape."""
    return [
        patient("p", born="1950-01-01", meta={"lastUpdated": "2025-05-01T00:00:00Z"}),
        encounter(
            "e", "p", start="2025-03-01", end="2025-03-04", meta={"lastUpdated": "2025-05-01T00:00:00Z"}
        ),
        organization("H1", f"North {shape}"),
    ]


def _write(folder: Path, shape: str, resources: list[Resource]) -> None:
    folder.mkdir(parents=True)
    lines = [json.dumps(one).encode() for one in resources]
    contents = {
        "lines": {"a": b"\n".join(lines)},
        "lines.gz": {"a.ndjson.gz": gzip.compress(b"\n".join(lines))},
        "crlf": {"a.ndjson": b"\r\n\r\n".join(lines) + b"\r\n"},
        "bom": {"a.ndjson": b"\xef\xbb\xbf\n" + b"\n".join(lines)},
        "pretty": {f"{number}.json": _pretty(one) for number, one in enumerate(resources)},
        "pretty.gz": {f"{number}.gz": gzip.compress(_pretty(one)) for number, one in enumerate(resources)},
        "hidden_gzip": {"a.ndjson": gzip.compress(b"\n".join(lines))},
        "wrongly_named.gz": {"a.ndjson.gz": b"\n".join(lines)},
        "transaction": {"a.json": _pretty(_transaction(resources))},
        "nested": {"a.json": _pretty(_bundle("collection", [{"resource": _transaction(resources)}]))},
        "history": {"a.json": json.dumps(_history(resources)).encode()},
        "searchset": {
            "a.ndjson": b"\n".join(
                json.dumps(_bundle("searchset", [{"resource": one}])).encode() for one in resources
            )
        },
    }
    for name, content in contents[shape].items():
        (folder / name).write_bytes(content)


def _pretty(resource: Resource) -> bytes:
    return json.dumps(resource, indent=2).encode() + b"\n"


def _page(resource: Resource) -> bytes:
    return json.dumps(_bundle("searchset", [{"resource": resource}])).encode()


def _bundle(type: str, entries: list[Resource], **fields: Any) -> Resource:
    return {"resourceType": "Bundle", "type": type, "entry": entries, **fields}


def _transaction(resources: list[Resource]) -> Resource:
    """Return them as a system posts them: known by uuids, with other ids of their own."""
    uuids = {
        f"{one['resourceType']}/{one['id']}": f"urn:uuid:{number}" for number, one in enumerate(resources)
    }
    text = json.dumps(resources)
    for reference, uuid in uuids.items():
        text = text.replace(f'"{reference}"', f'"{uuid}"')
    entries = [
        {"fullUrl": uuid, "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
        for uuid, one in zip(uuids.values(), json.loads(text), strict=True)
    ]
    return _bundle("transaction", entries)


def _history(resources: list[Resource]) -> Resource:
    """Return their versions, two of the patient and a visit that was deleted, stamped by the server's answers."""
    entries: list[Resource] = [
        {
            "resource": _without_meta(one),
            "response": {"status": "200", "lastModified": "2025-05-01T00:00:00Z"},
        }
        for one in resources
    ]
    first = {"resource": _without_meta(resources[0]) | {"birthDate": "1900-01-01"}}
    gone = encounter(
        "gone", "p", start="2025-01-01", end="2025-01-02", meta={"lastUpdated": "2025-04-01T00:00:00Z"}
    )
    deleted = {
        "request": {"method": "DELETE", "url": "Encounter/gone"},
        "response": {"lastModified": "2025-04-02T00:00:00Z"},
    }
    return _bundle(
        "history",
        [
            deleted,
            *entries,
            first | {"response": {"lastModified": "2025-04-01T00:00:00Z"}},
            {"resource": gone},
        ],
    )


def _without_meta(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name != "meta"}


EDGES: dict[str, Resource] = {
    "year_385": encounter("year_385", "old", start="0385-01-01", end="0385-02-28T10:00:00Z"),
    "year_9999": encounter("year_9999", "p", start="9999-12-30", end="9999-12-31T23:59:59-05:00"),
    "leap_second": encounter("leap_second", "leap", start="2016-12-30T00:00:00Z", end="2016-12-31T23:59:60Z"),
    "year_only": encounter("year_only", "q", start="2025", end="2025-03"),
    "no_such_day": encounter("no_such_day", "q", start="2025-02-30", end="2025-03-02"),
    "no_offset": encounter("no_offset", "r", start="2025-03-01T08:00:00", end="2025-03-03T08:00:00"),
    "reversed": encounter("reversed", "q", start="2025-03-04", end="2025-03-01"),
    "length_only": encounter("length_only", "q") | {"length": {"value": 5, "unit": "d"}},
    "part_of_itself": encounter(
        "part_of_itself", "s", start="2025-03-01", end="2025-03-04", part_of="part_of_itself"
    ),
    "cycle_a": encounter("cycle_a", "q", start="2025-06-01", end="2025-06-04", part_of="cycle_b"),
    "cycle_b": encounter("cycle_b", "q", start="2025-06-01", end="2025-06-04", part_of="cycle_a"),
    "contained": encounter("contained", None, start="2025-03-01", end="2025-03-04")
    | {"contained": [{"resourceType": "Patient", "id": "inner"}], "subject": {"reference": "#inner"}},
    "bad_stamp": encounter(
        "bad_stamp", "q", start="2025-07-01", end="2025-07-04", meta={"lastUpdated": "soon"}
    ),
    "control": encounter("control", "t", start="2025-03-01", end="2025-03-04")
    | {"type": [{"text": "a\x00b\u2028c"}], "subject": {"reference": "Patient/t", "display": "\x07"}},
    "in_quotes": encounter("in_quotes", "t", start="2025-05-01", end="2025-05-04")
    | {"diagnosis": [{"condition": {"reference": "Condition/c"}, "rank": "1"}]},
}


def _write_edges(folder: Path) -> None:
    folder.mkdir(parents=True)
    patients = [patient(name) for name in ("p", "q", "r", "s", "t", "leap")]
    patients.append(patient("old", born="0350-06-01", died="0385-02-28"))
    patients.append(patient("half", born="1950-02") | {"deceasedBoolean": "true"})
    lines = [json.dumps(one).encode() for one in [*patients, *EDGES.values()]]
    lines.append(json.dumps(patient("big") | {"photo": [{"data": "A" * LONG_LINE}]}).encode())
    (folder / "edges.ndjson").write_bytes(b"\n".join(lines))


def _batch(entry: bytes) -> bytes:
    return b'{"resourceType": "Bundle", "type": "batch", "entry": [%s]}' % entry


BROKEN: dict[str, tuple[bytes, str]] = {
    "torn": (b'{"resourceType": "Patient", "id": "to', "not_json"),
    "latin": (b'{"resourceType": "Patient", "id": "a", "gender": "m\xe4nnlich"}', "not_utf8"),
    "twice": (b'{"resourceType": "Patient", "id": "a", "id": "b"}', "duplicate_key"),
    "deep": (b'{"resourceType": "Patient", "id": "a", "x": %s}' % (b"[" * 500 + b"]" * 500), "too_deep"),
    "log_line": (b'{"level": "info", "message": "done"}', "not_a_resource"),
    "misspelt": (b'{"resourceType": "Patiant", "id": "a"}', "unknown_resource_type"),
    "nameless": (b'{"resourceType": "Patient"}', "no_id"),
    "number": (b'{"resourceType": "Patient", "id": "a", "birthDate": 1950}', "wrong_type"),
    "negated": (
        b'{"resourceType": "Condition", "id": "a", "modifierExtension": [{"url": "u"}]}',
        "modifier_extension",
    ),
    "bundle": (b'{"resourceType": "Bundle", "type": "bag", "entry": [{}]}', "bundle_unreadable"),
    "entry": (_batch(b"3"), "bad_entry"),
    "search": (_batch(b'{"request": {"method": "DELETE", "url": "Patient?x=y"}}'), "conditional_delete"),
    "everybody": (_batch(b'{"request": {"method": "DELETE", "url": "Patient"}}'), "bad_deletion"),
    "patch": (_batch(b'{"request": {"method": "PATCH"}, "resource": {}}'), "patch_not_supported"),
    "letter.txt": (b"Dear colleague,\nplease find attached\n", "not_json"),
    "torn.gz": (gzip.compress(b'{"resourceType": "Patient", "id": "a"')[:-8], "unreadable"),
}
SKIPPED: dict[str, tuple[bytes, str]] = {
    "manifest.json": (
        b'{"transactionTime": "2025-01-01T00:00:00Z", "request": "r",\n "requiresAccessToken": true, "output": []}',
        "_manifest",
    ),
    "log.ndjson": (b'{"exportId": "e", "timestamp": "t", "eventId": "kickoff", "eventDetail": {}}', "_log"),
    "errors.ndjson": (b'{"resourceType": "OperationOutcome", "issue": []}', "OperationOutcome"),
    "nothing_found.json": (b'{"resourceType": "Bundle", "type": "searchset", "total": 0}', "Bundle"),
}


def _write_broken(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, (content, _) in {**BROKEN, **SKIPPED}.items():
        (folder / name).write_bytes(content)
    (folder / "empty.ndjson").write_bytes(b"")
    (folder / "blank.json").write_bytes(b"\n \n")
