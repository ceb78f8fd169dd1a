"""gold.run: the reconciliation of a run, counted in the tables, not by the process that wrote them.

Every input record is accepted, skipped or quarantined. Every accepted record is the current version of a resource (live
or a tombstone), an older version or a duplicate. Every live encounter is in a stay or has a reason why not. Every stay
is in a measure's denominator or excluded for a reason. If the counts do not add up, there is a bug.

A quarantined record that was replayed is not counted; the records that replaced it are.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metriccare.definitions.schemas import GOLD_RUN
from metriccare.definitions.strata import ALL
from metriccare.definitions.tables import QUARANTINE, RESOURCES, STAY
from metriccare.engine.schema import arrow_schema
from metriccare.errors import ReconciliationError

Counts = dict[str, int]
Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Reconciliation:
    """The counts of one run; the fields are the columns of gold.run."""

    run_id: str
    run_at: datetime
    as_of: date
    definition_version: str
    is_synthetic: bool
    files: int
    records: int
    accepted: Counts
    skipped: Counts
    quarantined: Counts
    duplicates: Counts
    superseded: Counts
    tombstones: Counts
    live: Counts
    encounters: Counts
    stays: int
    results: int

    def check(self) -> None:
        """Check that the counts add up.

        Raises:
            ReconciliationError: they do not; the message lists all differences.
        """
        problems = [
            f"{name}: {found}, expected {expected}"
            for name, found, expected in self._sums()
            if found != expected
        ]
        if problems:
            raise ReconciliationError(
                f"The counts of run {self.run_id} do not add up ({'; '.join(problems)}). Do not use its "
                "results; keep the lake "
                "and report this."
            )

    def _sums(self) -> list[tuple[str, int, int]]:
        taken = sum(map(_total, (self.accepted, self.skipped, self.quarantined)))
        versions = [
            (
                f"accepted {kind}",
                count,
                sum(
                    part.get(kind, 0)
                    for part in (self.live, self.tombstones, self.superseded, self.duplicates)
                ),
            )
            for kind, count in self.accepted.items()
        ]
        live_encounters = ("live encounters", _total(self.encounters), self.live.get("Encounter", 0))
        return [("records", self.records, taken), *versions, live_encounters]

    def table(self) -> pd.DataFrame:
        """Return the reconciliation as a table with one line per kind of record."""
        columns = ("live", "tombstones", "superseded", "duplicates")
        lines = {
            kind: {"accepted": count, **{name: getattr(self, name).get(kind, 0) for name in columns}}
            for kind, count in sorted(self.accepted.items())
        }
        for name in ("skipped", "quarantined"):
            for kind, count in sorted(getattr(self, name).items()):
                lines[f"{name.replace('_', ' ')}: {kind}"] = {"accepted": 0, name.replace("_", " "): count}
        return pd.DataFrame.from_dict(lines, orient="index").fillna(0).astype(int)

    def row(self) -> pa.Table:
        """Return the one row of gold.run."""
        return pa.Table.from_pylist([asdict(self)], arrow_schema(GOLD_RUN))


def reconcile(
    records: Tables,
    replaced: Counts,
    silver: Tables,
    results: pa.Table,
    *,
    run_id: str,
    run_at: datetime,
    as_of: date,
    definition_version: str,
) -> Reconciliation:
    """Count what every record, encounter and stay became.

    Args:
        records: what `RECORD_COUNTS` gives for bronze.record.
        replaced: quarantined records that a replay has replaced, by the reason why they were refused.
        silver: what `SILVER_COUNTS` gives.
        results: gold.measure_result of this as_of.
        run_id: the run.
        run_at: when it ran, UTC.
        as_of: the cut-off date.
        definition_version: version of the rules.

    Raises:
        ReconciliationError: an encounter is in two stays, or the counts of a measure do not cover all stays.
    """
    taken, versions, known = (
        _by(records["record_count"], what) for what in ("records", "versions", "resources")
    )
    accepted = {kind: count for kind, count in taken.items() if kind in RESOURCES}
    rows = silver["row_count"]
    stays = sum(_by(rows.filter(pc.field("name") == STAY.name), "rows").values())
    _check_measures(_stays_by_measure(results), stays)
    return Reconciliation(
        run_id=run_id,
        run_at=run_at,
        as_of=as_of,
        definition_version=definition_version,
        is_synthetic=_is_synthetic(silver),
        files=len(set(records["file"]["file_version"].to_pylist())),
        records=sum(taken.values()) - _total(replaced),
        accepted=accepted,
        skipped={kind: count for kind, count in taken.items() if kind not in {*RESOURCES, QUARANTINE}},
        quarantined=_waiting(_by(records["refused"], "records"), replaced),
        duplicates={kind: count - versions[kind] for kind, count in accepted.items()},
        superseded={kind: versions[kind] - known[kind] for kind in accepted},
        tombstones=_states(rows.filter(~pc.field("is_live"))),
        live=_states(rows.filter(pc.field("is_live"))),
        encounters=_by(silver["encounter_outcome"], "rows"),
        stays=stays,
        results=results.num_rows,
    )


def _is_synthetic(silver: Tables) -> bool:
    """Return whether every patient is tagged as test data; False for a lake without patients."""
    parts = silver["synthetic"]["is_synthetic"].drop_null().to_pylist()
    return bool(parts) and all(parts)


def _by(counts: pa.Table, count: str) -> Counts:
    """Add up a count of the parts by the first column."""
    found: Counter[str] = Counter()
    for name, rows in zip(counts.columns[0].to_pylist(), counts[count].to_pylist(), strict=True):
        found[name] += rows
    return dict(found)


def _waiting(refused: Counts, replaced: Counts) -> Counts:
    """Leave out what was replayed."""
    left = {reason: count - replaced.get(reason, 0) for reason, count in refused.items()}
    return {reason: count for reason, count in left.items() if count}


def _states(rows: pa.Table) -> Counts:
    found = _by(rows, "rows")
    return {kind: found.get(table.name, 0) for kind, table in RESOURCES.items()}


def _stays_by_measure(results: pa.Table) -> dict[str, float]:
    """Return denominator plus excluded stays, for every measure that counts stays, by profile."""
    read = results.select(["measure", "profile", "stratum", "denominator", "excluded"])
    return {
        f"{row['measure']} ({row['profile']})": row["denominator"] + sum(row["excluded"].values())
        for row in read.filter(pc.field("stratum") == ALL).to_pylist(maps_as_pydicts="strict")
        if "patient_days" not in row["measure"]
    }


def _check_measures(by_measure: dict[str, float], stay_count: int) -> None:
    """Excluded stays by reason and the denominator add up to all stays."""
    wrong = [name for name, stays in by_measure.items() if stays != stay_count]
    if wrong:
        raise ReconciliationError(
            f"Denominator plus excluded stays of {', '.join(wrong)} do not add up to {stay_count} stays. Do not "
            "use the "
            "results; keep the lake and report this."
        )


def _total(counts: Counts) -> int:
    return sum(counts.values())
