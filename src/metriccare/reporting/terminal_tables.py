"""Tables for the terminal: the measures, and the reconciliation of a run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from rich import box
from rich.progress import Progress
from rich.table import Table

from metriccare.definitions import strata
from metriccare.definitions.decision_codes import EncounterOutcome
from metriccare.definitions.measures import Measure, measure_of, title_of
from metriccare.lake.run_log import Row
from metriccare.reporting.rounded import rounded
from metriccare.reporting.terminal import Terminal
from metriccare.reporting.wording import words

if TYPE_CHECKING:
    from metriccare.generate import Summary, Validated

_FLAGS = {"is_suppressed": "suppressed", "is_too_few": "too few", "is_immature": "immature"}


def show_measures(console: Terminal, rows: Sequence[Row], is_synthetic: bool) -> None:
    """Print one table of all measures, or one per measure where they are split by a stratum."""
    first = rows[0]
    console.heading("Measures", ", observed, unadjusted")
    if any(map(format_observed_expected, rows)):
        console.print("expected: indirectly standardised by age band and sex")
    data = ", synthetic data" if is_synthetic else ""
    console.print(f"profile {first['profile']}, as of {first['as_of']}{data}")
    if first["stratum"] == strata.ALL:
        console.print()
        console.print(_table("Measure", [(title_of(row["measure"]), row) for row in rows]))
        return
    for measure, group in groupby(rows, key=lambda row: str(row["measure"])):
        lines = [(str(row["stratum_display"] or row["stratum_value"]), row) for row in group]
        console.heading(title_of(measure), ", observed, unadjusted")
        console.print(_table(strata.title_of(first["stratum"]), lines))


def show_run(console: Terminal, run: Row) -> None:
    """Print the reconciliation: where every input record went; numbers of a real lake's patients are rounded."""
    parts = {name: sum(run[name].values()) for name in ("accepted", "skipped", "quarantined")}
    console.heading(f"Input of run {run['run_id']}", f": {run['files']:,} files, {run['records']:,} records")
    console.print(
        f"  = {parts['accepted']:,} accepted + {parts['skipped']:,} skipped"
        f" + {parts['quarantined']:,} quarantined\n"
    )
    console.print(_accepted(run))
    console.print()
    for name in ("skipped", "quarantined"):
        if run[name]:
            console.print(f"{name.capitalize()}: {_listing(run[name])}")
    count = partial(rounded, exact=run["is_synthetic"])
    if run["encounters"]:
        console.print(f"Encounters: {_encounters(run['encounters'], count)}")
    console.print(f"Stays: {count(run['stays'])}   Results: {run['results']:,}")


def summarize(summary: "Summary") -> str:
    """Return a summary of the generated dataset and of the validated sample."""
    verb = "already contains" if summary.reused else "now contains"
    return (
        f"{summary.out} {verb} {_listing(summary.counts)}; expected results: {summary.truth}\n"
        f"A sample of {sum(summary.validated.values()):,} resources is valid FHIR R4."
    )


def summarize_validation(validated: "Validated") -> str:
    """Return a summary of the validation of all resources."""
    damaged = f"; {validated.unreadable:,} lines are corrupt on purpose" if validated.unreadable else ""
    return f"All {validated.resources.total():,} resources are valid FHIR R4{damaged}."


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of (done, total) that updates a progress bar on standard error, on a terminal only."""
    console = Terminal(stderr=True)
    with Progress(*Progress.get_default_columns(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def format_rate(row: Row) -> str:
    """Return the rate with its interval, e.g. `12.3 % (10.1 to 14.9)`."""
    if row["rate"] is None:
        return "-"
    measure = measure_of(row["measure"])
    text = f"{_figure(row['rate'], measure)}{measure.unit}"
    if row["ci_low"] is None or row["ci_high"] is None:
        return text
    return f"{text} ({_figure(row['ci_low'], measure)} to {_figure(row['ci_high'], measure)})"


def format_observed_expected(row: Row) -> str:
    """Return observed / expected with its exact interval, e.g. `1.12 (0.90 to 1.38)`.

    Empty where there is none, and for all stays, whose ratio is 1 by construction.
    """
    if row["observed_expected"] is None or row["stratum"] == strata.ALL:
        return ""
    low, high = row["observed_expected_ci_low"], row["observed_expected_ci_high"]
    text = f"{row['observed_expected']:.2f}"
    return text if low is None or high is None else f"{text} ({low:.2f} to {high:.2f})"


def _figure(value: float, measure: Measure) -> str:
    return f"{value * measure.percent:,.{measure.digits}f}"


def _table(heading: str, lines: Sequence[tuple[str, Row]]) -> Table:
    table = empty_table(heading, "Count", "Out of")
    table.add_column("Rate (95 % interval)", overflow="fold")
    more = {"Observed / expected": format_observed_expected, "Note": _flags}
    shown = {name: text for name, text in more.items() if any(text(row) for _, row in lines)}
    for name in shown:
        table.add_column(name, overflow="fold")
    for label, row in lines:
        cells = [label, _count(row["numerator"]), _count(row["denominator"]), format_rate(row)]
        table.add_row(*cells, *(text(row) for text in shown.values()))
    return table


def _accepted(run: Row) -> Table:
    columns = ("live", "tombstones", "superseded", "duplicates")
    table = empty_table("Resource", "Accepted", *map(str.capitalize, columns))
    count = partial(rounded, exact=run["is_synthetic"])
    for kind, number in sorted(run["accepted"].items()):
        table.add_row(kind, count(number), *(count(run[name].get(kind, 0)) for name in columns))
    return table


def empty_table(heading: str, *numbers: str) -> Table:
    """Return a table without rows: one column of text, then columns of numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    table.add_column(heading, overflow="fold")
    for column in numbers:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _count(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _flags(row: Row) -> str:
    return ", ".join(word for name, word in _FLAGS.items() if row[name])


def _encounters(counts: Mapping[str, int], count: Callable[[int], str]) -> str:
    """Return what became of the encounters, e.g. `595 in a stay, 673 not inpatient`."""
    ordered = sorted(counts.items(), key=lambda one: (one[0] != EncounterOutcome.IN_STAY, -one[1], one[0]))
    return ", ".join(f"{count(number)} {_outcome(code)}" for code, number in ordered)


def _outcome(code: str) -> str:
    prefix = f"{EncounterOutcome.STATUS}_"
    if code.startswith(prefix):
        return words("encounter", EncounterOutcome.STATUS, status=code.removeprefix(prefix))
    return words("encounter", code)


def _listing(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
