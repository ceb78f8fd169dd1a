"""The commands on quarantined records; heavy libraries are imported where one needs them, as in `cli`."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from metriccare.cli.options import lake as _lake
from metriccare.cli.options import ledger as _ledger
from metriccare.errors import ParameterError
from metriccare.runtime.extras import require
from metriccare.settings import Lake

if TYPE_CHECKING:
    from metriccare.pipeline.quarantine.record import Record

STATES = ("open", "replayed", "dismissed", "all")
SHOWN = 50

_reason_code = click.option("--reason-code", default="", metavar="CODE", help="Refused for this reason.")
_source = click.option("--source", default="", metavar="NAME", help="Of this source.")
_file = click.option("--file", default="", metavar="PATH", help="From this file, or one whose path ends so.")
_ids = click.argument("ids", nargs=-1, metavar="[ID]...")
_format = click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)


def _chosen(command: Callable[..., None]) -> Callable[..., None]:
    """Add to a command how it is told which records it is about."""
    everything = click.option("--all", "is_all", is_flag=True, help="All that are open.")
    for option in (everything, _file, _source, _reason_code, _ids):
        command = option(command)
    return command


@click.group(epilog="Example: metriccare quarantine list --reason-code not_json")
def quarantine() -> None:
    """Look at what could not be taken, replay it after a fix, or dismiss it.

    An ID is what `list` shows, or as much of its beginning as no other record has.
    """


@quarantine.command("list", epilog="Example: metriccare quarantine list --source west --state all")
@_reason_code
@_source
@_file
@click.option(
    "--state", type=click.Choice(STATES), default=STATES[0], show_default=True, help="What became of it."
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=SHOWN,
    show_default=True,
    help="How many are shown; 0 shows all.",
)
@_format
@_ledger
@_lake
def list_records(
    *, reason_code: str, source: str, file: str, state: str, limit: int, form: str, ledger: str, lake: str
) -> None:
    """List quarantined records, the newest received first, and how many there are by reason."""
    from metriccare.pipeline.quarantine.choose import Filters, by_filters, short_ids
    from metriccare.pipeline.quarantine.read import read_quarantine
    from metriccare.pipeline.quarantine.text import read_texts
    from metriccare.reporting import quarantine as show

    where = Lake.at(lake)
    records = read_quarantine(where, ledger)
    chosen = by_filters(records, Filters(reason_code, source, file, state))
    shown = chosen[:limit] if limit else chosen
    texts = read_texts(where, shown)
    if form == "json":
        click.echo(show.list_as_json(chosen, shown, texts))
    else:
        show.show_list(_console(), chosen, shown, texts, short_ids(records))


@quarantine.command("show", epilog="Example: metriccare quarantine show 3f2a90c1:4711")
@click.argument("id_", metavar="ID")
@click.option("--full", is_flag=True, help="Show the whole text, however long it is.")
@_format
@_ledger
@_lake
def show_one(*, id_: str, full: bool, form: str, ledger: str, lake: str) -> None:
    """Show one quarantined record: where it came from, why it was refused, what to do, and its text."""
    from metriccare.definitions.rejection_reasons import REMEDIES
    from metriccare.pipeline.quarantine.choose import by_ids
    from metriccare.pipeline.quarantine.read import read_quarantine
    from metriccare.pipeline.quarantine.text import read_texts
    from metriccare.reporting import quarantine as show

    where = Lake.at(lake)
    (record,) = by_ids(read_quarantine(where, ledger), [id_])
    text = read_texts(where, [record])[record.id]
    remedy = REMEDIES.get(record.reason_code, "")
    click.echo("It may speak of a patient: for internal use only.", err=True)
    if form == "json":
        click.echo(show.record_as_json(record, text, remedy))
    else:
        show.show_record(_console(), record, text, remedy, 0 if full else show.SHOWN_CHARACTERS)


@quarantine.command("replay", epilog="Example: metriccare quarantine replay --reason-code modifier_extension")
@_chosen
@_ledger
@_lake
def replay_records(*, ledger: str, lake: str, **choice: Any) -> None:
    """Read open records once more, by the code and the maps as they are now.

    What is accepted joins bronze as if it had come so at first, and counts from the next run on. A dismissed record is
    read if it is named by its id.
    """
    where = Lake.at(lake)
    chosen = _choose(where, ledger, **choice)
    if not chosen:
        click.echo("No open record is meant: nothing was replayed.")
        return
    require("run")
    from datetime import UTC, datetime

    from metriccare.pipeline.quarantine.replay import replay
    from metriccare.pipeline.run import new_run_id
    from metriccare.pipeline.stage_writer import begin
    from metriccare.runtime.spark import get_spark

    spark = get_spark(where.root)
    stage = begin("bronze", where, new_run_id(), ledger)
    try:
        done = replay(spark, stage, chosen, datetime.now(UTC))
    finally:
        stage.close()
    for sentence in done.sentences:
        click.echo(sentence)


@quarantine.command(
    "dismiss", epilog='Example: metriccare quarantine dismiss 3f2a90c1:4711 --reason "A test message."'
)
@_chosen
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why it needs nothing more; 1 to 500 characters."
)
@_ledger
@_lake
def dismiss_records(*, reason: str, ledger: str, lake: str, **choice: Any) -> None:
    """Note that records need nothing more, with the reason; their texts stay in bronze."""
    from datetime import UTC, datetime

    from metriccare.pipeline.quarantine.dismiss import check_reason, dismiss
    from metriccare.pipeline.run import new_run_id
    from metriccare.pipeline.stage_writer import begin

    try:
        why = check_reason(reason)
    except ParameterError as error:
        raise click.UsageError(str(error)) from error
    where = Lake.at(lake)
    chosen = _choose(where, ledger, **choice)
    if not chosen:
        click.echo("No open record is meant: nothing was dismissed.")
        return
    stage = begin("bronze", where, new_run_id(), ledger)
    try:
        count = dismiss(stage, chosen, why, datetime.now(UTC))
    finally:
        stage.close()
    click.echo(f"{count:,} {'record is' if count == 1 else 'records are'} dismissed.")


def _choose(
    where: Lake, ledger: str, *, ids: Sequence[str], is_all: bool, reason_code: str, source: str, file: str
) -> "list[Record]":
    """Return the records that a command is about."""
    is_filtered = bool(reason_code or source or file)
    if not (ids or is_filtered or is_all):
        raise click.UsageError("Say which records: by ID, --reason-code, --source or --file, or --all.")
    if ids and (is_filtered or is_all):
        raise click.UsageError("Name records by ID, or say what they have in common: not both.")
    from metriccare.pipeline.quarantine.choose import Filters, by_filters, by_ids
    from metriccare.pipeline.quarantine.read import check_ledger, read_quarantine

    records = read_quarantine(where, ledger)
    check_ledger(where, ledger)
    return by_ids(records, ids) if ids else by_filters(records, Filters(reason_code, source, file))


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, markup=False)
