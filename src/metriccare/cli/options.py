"""Options shared by commands in several modules."""

import click

lake = click.option(
    "--lake",
    default="",
    metavar="DIR",
    help="Folder of the tables.  [default: METRICCARE_HOME, else .metriccare]",
)
ledger_url = click.option(
    "--ledger",
    "ledger_url",
    default="",
    metavar="URL",
    help="dynamodb://TABLE.  [default: a file in the lake]",
)
