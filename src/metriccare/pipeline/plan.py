"""Which notebooks a run needs, asked of the ledger alone: no Spark, no table.

A stage has work where its input has moved on, its rules are others than those its rows were made by, or somebody
asks for it. Work of a stage is work for the ones after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metriccare.definitions.sources import Sources
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.lake.ledger import FileState, FileVersion, Ledger
from metriccare.pipeline import fingerprints
from metriccare.pipeline.watermarks import HEAD, REPLAYING, is_gold_behind, is_interrupted


@dataclass(frozen=True)
class Plan:
    """What a run does, stage by stage, each with the reason in words; an empty one has nothing to do."""

    bronze: str = ""
    silver: str = ""
    gold: str = ""


ALL_STAGES = Plan("new files", "bronze is ahead", "silver is ahead")


def plan(
    ledger: Ledger,
    files: list[FileVersion],
    sources: Sources,
    as_of: str = "",
    *,
    full_refresh: bool = False,
) -> Plan:
    """Say which stages have work.

    Args:
        ledger: of the lake.
        files: the raw folder as it is now.
        sources: what is configured.
        as_of: the cut that is asked for; empty means the newest discharge.
        full_refresh: silver and gold are to be made anew.
    """
    bronze = bronze_work(ledger, files)
    silver = bronze or silver_work(ledger, sources, full_refresh=full_refresh)
    return Plan(bronze, silver, silver or gold_work(ledger, as_of))


def bronze_work(ledger: Ledger, files: list[FileVersion]) -> str:
    """Say what bronze has to do; empty if nothing."""
    state = ledger.state("bronze")
    if not state.get(HEAD):
        return "nothing was read yet"
    if state.get(REPLAYING):
        return "a replay of quarantined records did not come to its end"
    unknown = ledger.unknown(files)
    if unknown:
        return f"{len(unknown):,} new files"
    waiting = sum(1 for _ in ledger.files(FileState.RECEIVED, FileState.CLAIMED))
    if waiting:
        return f"{waiting:,} files wait, of a run that did not come to its end"
    listed = {file.version for file in files}
    failed = [entry for entry in ledger.files(FileState.FAILED) if entry.file.version in listed]
    return f"{len(failed):,} files could not be read, and are tried again" if failed else ""


def silver_work(ledger: Ledger, sources: Sources, *, full_refresh: bool = False) -> str:
    """Say what silver has to do with bronze as it is; empty if nothing."""
    state = ledger.state("silver")
    if full_refresh:
        return "a full refresh was asked for"
    if state.get("bronze_instant") != ledger.state("bronze").get(HEAD):
        return "bronze is ahead"
    return _interrupted(state) or _other_rules(state, fingerprints.silver_rules(sources))


def gold_work(ledger: Ledger, as_of: str) -> str:
    """Say what gold has to do with silver as it is; empty if nothing."""
    state, silver = ledger.state("gold"), ledger.state("silver")
    if is_gold_behind(silver, state):
        return "silver is ahead"
    if state.get("requested", "") != as_of:
        return f"the cut is {as_of or 'the newest discharge'} now"
    return _interrupted(state) or _other_rules(state, fingerprints.gold_rules(DEFINITION_VERSION))


def _interrupted(state: Mapping[str, Any]) -> str:
    return "an earlier run did not come to its end" if is_interrupted(state) else ""


def _other_rules(state: Mapping[str, Any], now: fingerprints.Rules) -> str:
    other = fingerprints.changed(state.get("rules", {}), now)
    return f"{', '.join(other)} changed" if other else ""
