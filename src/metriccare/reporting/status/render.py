"""The status of a lake as tables for the terminal or as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from rich.table import Table

from metriccare.reporting.status.model import Progress, RunStatus, Status, Writer
from metriccare.reporting.terminal import Terminal
from metriccare.reporting.terminal_tables import empty_table

FAILED_SHOWN = 5
NOTHING = "-"


def to_json(status: Status) -> str:
    """Return the status as a JSON object; times are ISO 8601 in UTC."""
    return json.dumps(asdict(status), indent=2, default=_iso)


def show_status(console: Terminal, status: Status) -> None:
    """Print the status: freshness, stages and backlog, writers, last runs, quarantine."""
    data = ", synthetic data" if status.is_synthetic else ""
    console.print(f"Lake {status.lake}{data}")
    for note in status.notes:
        console.print(f"- {note}")
    _section(console, "Freshness", _facts(status))
    if status.stages:
        _section(console, "Stages", _stages(status))
        _lines(console, _backlog(status))
        console.heading("Writers")
        _lines(console, map(_writer, status.writers) if status.writers else ["none"])
    if status.runs:
        _section(console, "Last runs", _runs(status))
        _lines(console, (f"{run.run_id}: {text}" for run in status.runs if (text := _sentence(run))))
    if status.quarantine:
        _section(console, "Quarantine", _quarantine(status))
        _lines(console, ["`metriccare quarantine list` shows the open records."])


def _section(console: Terminal, title: str, table: Table) -> None:
    console.heading(title)
    console.print(table)


def _lines(console: Terminal, lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        console.print(f" {line}")


def _facts(status: Status) -> Table:
    fresh = status.freshness
    change = f"{_moment(fresh.newest_change_at)}, run {fresh.newest_change_run_id}"
    table = _grid()
    table.add_row("Newest file received", _moment(fresh.newest_file_received_at))
    for source in status.sources if len(status.sources) > 1 else ():
        table.add_row(f"- of {source.name}", _moment(source.newest_file_received_at))
    table.add_row("Results last changed", change if fresh.newest_change_at else NOTHING)
    table.add_row("Cut-off date (as_of)", _day(fresh.as_of))
    table.add_row("Newest discharge", _day(fresh.newest_discharge_date))
    return table


def _stages(status: Status) -> Table:
    table = _grid()
    for one in status.stages:
        table.add_row(one.stage, f"{one.progress}: {one.detail}" if one.detail else one.progress.value)
    return table


def _backlog(status: Status) -> Iterator[str]:
    files = status.files
    yield (
        f"Files: {files.done:,} read, {files.received:,} waiting, {files.claimed:,} being read, "
        f"{files.failed:,} failed"
    )
    for one in status.failed[:FAILED_SHOWN]:
        yield f"- {one.reason}" if one.path in one.reason else f"- {one.path}: {one.reason}"
    if files.failed > FAILED_SHOWN:
        yield f"- and {files.failed - FAILED_SHOWN:,} more; `metriccare status --format json` lists all of them."
    if files.gone:
        yield f"{files.gone:,} overwritten or deleted before they were read; --format json lists them."
    is_written = any(one.is_writing for one in status.writers)
    if not is_written and any(one.progress != Progress.UP_TO_DATE for one in status.stages):
        yield "`metriccare run` processes the backlog and brings all stages up to date."


def _writer(one: Writer) -> str:
    who = f"{one.stage}: run {one.run_id}, process {one.process} on {one.host}"
    if one.is_writing:
        return f"{who}, lease until {_moment(one.expires_at)} unless renewed"
    return f"{who}, which has ended; the next run takes over"


def _runs(status: Status) -> Table:
    table = _grid()
    for run in status.runs:
        took = NOTHING if run.seconds is None else _duration(run.seconds)
        table.add_row(run.run_id, _moment(run.started_at), took, _end(run))
    return table


def _end(run: RunStatus) -> str:
    if run.status != "running":
        return run.status
    return "running" if run.is_writing else "unfinished"


def _sentence(run: RunStatus) -> str:
    return run.message or (
        "the run is between two stages, or it was killed." if _end(run) == "unfinished" else ""
    )


def _quarantine(status: Status) -> Table:
    table = empty_table("Reason", "Open", "Replayed", "Dismissed")
    for one in status.quarantine:
        table.add_row(one.reason_code, f"{one.open:,}", f"{one.replayed:,}", f"{one.dismissed:,}")
    return table


def _grid() -> Table:
    """Return a table without a header."""
    table = Table(box=None, show_header=False, pad_edge=True)
    table.add_column(no_wrap=True)
    return table


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else NOTHING


def _day(day: date | None) -> str:
    return str(day) if day else NOTHING


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _iso(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} can't be written as JSON")
