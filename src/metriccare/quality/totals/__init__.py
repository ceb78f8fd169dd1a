"""gold.coverage and gold.unmapped_code: the counts of the parts of silver, added up."""

from collections.abc import Mapping

import pyarrow as pa

from metriccare.definitions.schemas import GOLD_COVERAGE, GOLD_UNMAPPED_CODE
from metriccare.engine import Program, Reference, load_steps
from metriccare.quality.silver_counts import SILVER_COUNTS

_TOTALS = Program(
    takes={name: SILVER_COUNTS.gives[name] for name in ("field_count", "unmapped_code")},
    steps=load_steps(__name__, "coverage", "unmapped_code"),
    gives={"coverage": GOLD_COVERAGE, "unmapped_code": GOLD_UNMAPPED_CODE},
)


def totals(counts: Mapping[str, pa.Table], run_id: str) -> dict[str, pa.Table]:
    """Add up what is counted in silver.

    Args:
        counts: what `SILVER_COUNTS` gives; where it ran on parts of the tables, all that it gave.
        run_id: the run.

    Returns:
        `coverage`, one row per source, resource and field that affects a measure: `rows` in which it is expected,
        `present`, `share` (null for no rows). `unmapped_code`, one row per source, `value_set`, `system` and `code`
        (`(none)` if missing) that has no effect because it is not mapped, with one of its displays and `rows`: live
        encounters of that class, or encounters of stays with that disposition.
    """
    return _TOTALS.run(counts, Reference({"run_id": run_id}))
