"""Options that commands of several modules share."""

import click

lake = click.option(
    "--lake", default="", metavar="DIR", help="The tables.  [default: METRICCARE_HOME, else .metriccare]"
)
ledger = click.option(
    "--ledger", default="", metavar="URL", help="dynamodb://TABLE.  [default: the lake's own file]"
)
