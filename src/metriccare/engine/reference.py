"""What steps look up besides rows: value sets, profiles, the configured sources, and the values of the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import pyarrow as pa

from metriccare.definitions import value_sets
from metriccare.definitions.measures import MEASURES
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.definitions.sources import NONE, Sources
from metriccare.definitions.value_sets import Code
from metriccare.definitions.versions import DEFINITION_VERSION

NUBC = ("http://www.nubc.org/patient-discharge", "https://www.nubc.org/CodeSystem/PatDischargeStatus")

_CODE = pa.schema(
    [
        *((name, pa.string()) for name in ("value_set", "key", "code", "display", "category", "rule")),
        ("place", pa.int32()),
    ]
)
_MEASURE = pa.schema(
    [*((name, pa.string()) for name in ("measure", "kind", "decision")), ("per", pa.float64())]
)
_SOURCE = pa.schema(
    [
        ("source", pa.string()),
        ("timezone", pa.string()),
        ("has_dispositions", pa.bool_()),
        ("inpatient_by_type", pa.bool_()),
    ]
)
_HOSPITAL = pa.schema(
    [
        *((name, pa.string()) for name in ("source", "hospital_id", "timezone", "alias_of")),
        ("is_cancer_hospital", pa.bool_()),
    ]
)
_OWN_CODE = pa.schema([(name, pa.string()) for name in ("source", "value_set", "key", "category")])


@dataclass(frozen=True)
class Reference:
    """What the steps of one call look up.

    In SQL these are the tables `code` (a row per code of the package's value sets), `profile`, `measure`, `source`,
    `hospital` and `own_code` (what is configured), and each value as `getvariable('<name>')`; the zone of sources that
    name none is `getvariable('timezone')`, the version of the measures' rules `getvariable('definition_version')`.

    Attributes:
        values: by name, for example `run_id` and `as_of`.
        sources: what is configured.
        profiles: for whom the measures are computed.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Sources = NONE
    profiles: Sequence[Profile] = PROFILES

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The tables, by name."""
        return {
            "code": _codes(),
            "profile": _profiles(tuple(self.profiles)),
            "measure": _measures(),
            "source": _sources(self.sources),
            "hospital": _hospitals(self.sources),
            "own_code": _own_codes(self.sources),
        }

    @property
    def variables(self) -> dict[str, Any]:
        """The values, by name."""
        ours = {"timezone": self.sources.timezone or None, "definition_version": DEFINITION_VERSION}
        return {**ours, **self.values}


def key_of(code: Code) -> str:
    """Return what the macro `coding_key` gives for a Coding with this code: `system|code`."""
    written = code.code.zfill(2) if code.system in NUBC else code.code
    return f"{code.system}|{written}" if code.system else written


@cache
def _codes() -> pa.Table:
    rows: dict[tuple[str, str], dict[str, str | int]] = {}
    for name in value_sets.names():
        for one in value_sets.load(name):
            key = key_of(one)
            rows[name, key] = {
                "value_set": name,
                "key": key,
                "code": one.code,
                "display": one.display,
                "category": one.category,
                "rule": one.rule,
                "place": len(rows),
            }
    return pa.Table.from_pylist(list(rows.values()), _CODE)


@cache
def _profiles(profiles: tuple[Profile, ...]) -> pa.Table:
    kinds = {"str": pa.string(), "bool": pa.bool_(), "int | None": pa.int32()}
    schema = pa.schema(
        [("profile" if one.name == "name" else one.name, kinds[_name(one.type)]) for one in fields(Profile)]
    )
    rows = [
        {name: getattr(one, "name" if name == "profile" else name) for name in schema.names}
        for one in profiles
    ]
    return pa.Table.from_pylist(rows, schema)


@cache
def _measures() -> pa.Table:
    rows = [
        {"measure": name, "kind": str(one.kind), "decision": one.decision, "per": one.per}
        for name, one in MEASURES.items()
    ]
    return pa.Table.from_pylist(rows, _MEASURE)


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind)


def _sources(sources: Sources) -> pa.Table:
    rows = [
        {
            "source": name,
            "timezone": one.timezone or None,
            "has_dispositions": one.has_dispositions,
            "inpatient_by_type": one.inpatient_by_type,
        }
        for name, one in sources.by_name.items()
    ]
    return pa.Table.from_pylist(rows, _SOURCE)


def _hospitals(sources: Sources) -> pa.Table:
    rows = [
        {
            "source": name,
            "hospital_id": id,
            "timezone": one.hospital_timezones.get(id) or None,
            "alias_of": one.hospital_aliases.get(id),
            "is_cancer_hospital": id in one.cancer_hospitals,
        }
        for name, one in sources.by_name.items()
        for id in sorted({*one.hospital_timezones, *one.hospital_aliases, *one.cancer_hospitals})
    ]
    return pa.Table.from_pylist(rows, _HOSPITAL)


def _own_codes(sources: Sources) -> pa.Table:
    kinds = {"class_map": "encounter_class", "disposition_map": "discharge_disposition"}
    rows = {
        (name, value_set, key_of(code)): code.category
        for name, one in sources.by_name.items()
        for attribute, value_set in kinds.items()
        for code in getattr(one, attribute)
    }
    listed = [
        {"source": source, "value_set": value_set, "key": key, "category": category}
        for (source, value_set, key), category in rows.items()
    ]
    return pa.Table.from_pylist(listed, _OWN_CODE)
