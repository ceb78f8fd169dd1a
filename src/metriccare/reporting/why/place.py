"""Where the evidence comes from: the file, and the position in it."""

from collections import defaultdict
from collections.abc import Iterable

from metriccare.definitions.tables import RECORD, RESOURCES
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import Row
from metriccare.settings import Lake

Key = tuple[str, str, str, str]
Place = tuple[str, str]


def places(lake: Lake, evidence: Iterable[Row]) -> dict[Key, Place]:
    """Return file and position of every resource version among the evidence.

    The newest version of each resource is looked up in silver, an older one in bronze; evidence found in neither
    is left out.

    Args:
        lake: the lake.
        evidence: dictionaries with `source`, `type`, `id` and `body_sha256`.

    Returns:
        The file, and the byte offset or entry path in it, by the key of the evidence (`key_of`).
    """
    wanted = {key_of(one) for one in evidence}
    found = _in_silver(lake, wanted)
    for key in wanted - found.keys():
        found |= _in_bronze(lake, key)
    return found


def key_of(evidence: Row) -> Key:
    """Return source, type, id and body hash, which identify one version of a resource."""
    return evidence["source"], evidence["type"], evidence["id"], evidence["body_sha256"]


def _in_silver(lake: Lake, wanted: set[Key]) -> dict[Key, Place]:
    ids: dict[str, set[str]] = defaultdict(set)
    for _, kind, id, _ in wanted:
        ids[kind].add(id)
    columns = ("source", "id", "body_sha256", "file", "position")
    found = {}
    for kind, of_kind in ids.items():
        rows = read_table(lake, RESOURCES[kind], columns, [("id", "IN", ",".join(sorted(of_kind)))])
        for row in rows.to_pylist():
            found[key_of(row | {"type": kind})] = (row["file"], row["position"])
    return {key: place for key, place in found.items() if key in wanted}


def _in_bronze(lake: Lake, key: Key) -> dict[Key, Place]:
    """Look for an older version; of several copies, take the one that was received first."""
    source, kind, id, sha256 = key
    columns = ("source", "file", "position", "body_sha256", "received_at")
    filters = [("resource_type", "=", kind), ("resource_id", "=", id), ("source", "=", source)]
    rows = read_table(lake, RECORD, columns, filters).to_pylist()
    same = [row for row in rows if row["body_sha256"] == sha256]
    same.sort(key=lambda row: (row["received_at"], row["file"], row["position"]))
    return {key: (same[0]["file"], same[0]["position"])} if same else {}
