"""Fingerprints of what the numbers of a lake depend on besides its records, so that a change is noticed.

Silver depends on the codes of classes and dispositions and on the configuration of the sources; gold on the definition
of the measures and on the codes that only they read.
"""

import hashlib
from collections.abc import Mapping
from importlib import resources

from metriccare.definitions import value_sets
from metriccare.definitions.sources import Sources
from metriccare.definitions.versions import SILVER_VERSION

GOLD_ONLY = frozenset({"covid_19", "index_exclusion_diagnosis", "infection", "planned_diagnosis"})
Fingerprints = dict[str, str]


def silver_fingerprints(sources: Sources) -> Fingerprints:
    """Return the fingerprint of each part that silver depends on, by its name in messages."""
    configured = {f"the source {name}": _hash(repr(one)) for name, one in sources.by_name.items()}
    lists = {f"the codes of {name}": _file(name) for name in value_sets.names() if name not in GOLD_ONLY}
    return {
        "the rules of silver": SILVER_VERSION,
        "the time zone": sources.timezone or "as written",
        **configured,
        **lists,
    }


def gold_fingerprints(definition_version: str) -> Fingerprints:
    """Return the fingerprint of each part that only gold depends on; what silver depends on comes with its rows."""
    lists = {f"the codes of {name}": _file(name) for name in sorted(GOLD_ONLY)}
    return {"the definition of the measures": definition_version, **lists}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the names of the parts that were changed, added or removed, in alphabetical order."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _file(name: str) -> str:
    return _hash(resources.files(value_sets).joinpath(f"{name}.csv").read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
