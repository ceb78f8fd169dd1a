"""The commands for quarantined records; heavy libraries are imported in the commands that need them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from metriccare.cli import options
from metriccare.errors import ParameterError
from metriccare.runtime.extras import require
from metriccare.settings import Lake

if TYPE_CHECKING:
    from metriccare.pipeline.quarantine.record import Record

STATES = ("open", "replayed", "dismissed", "all")
SHOWN = 50

_reason_code = click.option("--reason-code", default="", metavar="CODE", help="Only this reason.")
_source = click.option("--source", default="", metavar="NAME", help="Only this source.")
_file = click.option("--file", default="", metavar="PATH", help="Only files whose path ends like this.")
_ids = click.argument("ids", nargs=-1, metavar="[ID]...")
_format = click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)


def _record_selection(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options that select records to a command."""
    everything = click.option("--all", "is_all", is_flag=True, help="All open records.")
    for option in (everything, _file, _source, _reason_code, _ids):
        command = option(command)
    return command


@click.group(epilog="Example: metriccare quarantine list --reason-code not_json")
def quarantine() -> None:
    """List, show, replay or dismiss quarantined records.

    An ID is shown by `list`; a unique prefix is enough.
    """


@quarantine.command("list", epilog="Example: metriccare quarantine list --source west --state all")
@_reason_code
@_source
@_file
@click.option(
    "--state", type=click.Choice(STATES), default=STATES[0], show_default=True, help="State of the record."
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=SHOWN,
    show_default=True,
    help="Maximum number shown; 0 shows all.",
)
@_format
@options.ledger_url
@options.lake
def list_records(
    *, reason_code: str, source: str, file: str, state: str, limit: int, form: str, ledger_url: str, lake: str
) -> None:
    """List quarantined records, newest first.

    Also shows the number of records by reason.
    """
    from metriccare.pipeline.quarantine.choose import Filters, by_filters, short_ids
    from metriccare.pipeline.quarantine.read import read_quarantine
    from metriccare.pipeline.quarantine.text import read_texts
    from metriccare.reporting import quarantine as show

    where = Lake.at(lake)
    records = read_quarantine(where, ledger_url)
    chosen = by_filters(records, Filters(reason_code, source, file, state))
    shown = chosen[:limit] if limit else chosen
    texts = read_texts(where, shown)
    if form == "json":
        click.echo(show.list_as_json(chosen, shown, texts))
    else:
        show.show_list(_console(), chosen, shown, texts, short_ids(records))


@quarantine.command("show", epilog="Example: metriccare quarantine show 3f2a90c1:4711")
@click.argument("id_", metavar="ID")
@click.option("--full", is_flag=True, help="Show the full text.")
@_format
@options.ledger_url
@options.lake
def show_one(*, id_: str, full: bool, form: str, ledger_url: str, lake: str) -> None:
    """Show one record, its reason and remedy.

    Shows where it came from, why it was quarantined, what to do, and its text.
    """
    from metriccare.definitions.rejection_reasons import REMEDIES
    from metriccare.pipeline.quarantine.choose import by_ids
    from metriccare.pipeline.quarantine.read import read_quarantine
    from metriccare.pipeline.quarantine.text import read_texts
    from metriccare.reporting import quarantine as show

    where = Lake.at(lake)
    (record,) = by_ids(read_quarantine(where, ledger_url), [id_])
    text = read_texts(where, [record])[record.id]
    remedy = REMEDIES.get(record.reason_code, "")
    click.echo("May contain patient data; for internal use only.", err=True)
    if form == "json":
        click.echo(show.record_as_json(record, text, remedy))
    else:
        show.show_record(_console(), record, text, remedy, 0 if full else show.SHOWN_CHARACTERS)


@quarantine.command("replay", epilog="Example: metriccare quarantine replay --reason-code modifier_extension")
@_record_selection
@options.ledger_url
@options.lake
def replay_records(*, ledger_url: str, lake: str, **choice: Any) -> None:
    """Process open records again after a fix.

    Uses the current code and code maps. Accepted records are added to bronze and count from the next run on. A
    dismissed record is replayed only if it is selected by ID.
    """
    where = Lake.at(lake)
    chosen = _choose(where, ledger_url, **choice)
    if not chosen:
        click.echo("No open record matches; nothing was replayed.")
        return
    require("run")
    from datetime import UTC, datetime

    from metriccare.pipeline.quarantine.replay import replay
    from metriccare.pipeline.stage_writer import open_stage
    from metriccare.runtime.spark import get_spark

    with open_stage(get_spark(where.root), "bronze", where, ledger_url=ledger_url) as writer:
        done = replay(writer, chosen, datetime.now(UTC))
    for sentence in done.sentences:
        click.echo(sentence)


@quarantine.command(
    "dismiss", epilog='Example: metriccare quarantine dismiss 3f2a90c1:4711 --reason "A test message."'
)
@_record_selection
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why no further action is needed; 1 to 500 characters."
)
@options.ledger_url
@options.lake
def dismiss_records(*, reason: str, ledger_url: str, lake: str, **choice: Any) -> None:
    """Mark records as needing no action.

    The reason is stored; the records stay in bronze.
    """
    from datetime import UTC, datetime

    from metriccare.pipeline.quarantine.dismiss import check_reason, dismiss
    from metriccare.pipeline.stage import Stage

    try:
        why = check_reason(reason)
    except ParameterError as error:
        raise click.UsageError(str(error)) from error
    where = Lake.at(lake)
    chosen = _choose(where, ledger_url, **choice)
    if not chosen:
        click.echo("No open record matches; nothing was dismissed.")
        return
    with Stage("bronze", where, ledger_url=ledger_url) as stage:
        count = dismiss(stage, chosen, why, datetime.now(UTC))
    click.echo(f"Dismissed {count:,} {'record' if count == 1 else 'records'}.")


def _choose(
    where: Lake,
    ledger_url: str,
    *,
    ids: Sequence[str],
    is_all: bool,
    reason_code: str,
    source: str,
    file: str,
) -> "list[Record]":
    """Return the selected records."""
    is_filtered = bool(reason_code or source or file)
    if not (ids or is_filtered or is_all):
        raise click.UsageError("No records selected; use IDs, --reason-code, --source, --file or --all.")
    if ids and (is_filtered or is_all):
        raise click.UsageError(
            "Select records either by ID or by --reason-code, --source, --file or --all, not both."
        )
    from metriccare.pipeline.quarantine.choose import Filters, by_filters, by_ids
    from metriccare.pipeline.quarantine.read import check_ledger, read_quarantine

    records = read_quarantine(where, ledger_url)
    check_ledger(where, ledger_url)
    return by_ids(records, ids) if ids else by_filters(records, Filters(reason_code, source, file))


def _console() -> Any:
    from metriccare.reporting.terminal import Terminal

    return Terminal()
