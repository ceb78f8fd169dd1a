"""The Glue magics that mean something on this machine."""

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import display

from metriccare.runtime.kernel import session
from metriccare.runtime.kernel.notes import Notes
from metriccare.runtime.kernel.options import (
    GLUE_ONLY,
    GLUE_ONLY_CELLS,
    parse_configure,
    parse_spark_conf,
    split_options,
)

MAX_ROWS = 100


@magics_class
class GlueMagics(Magics):
    """Session magics, answered by the Spark of this machine."""

    def __init__(self, shell: InteractiveShell, notes: Notes) -> None:
        super().__init__(shell)
        self._notes = notes

    @line_magic
    def spark_conf(self, line: str) -> None:
        """Spark settings for the session, e.g. %spark_conf spark.a=b --conf spark.c=d."""
        _say(session.choose(parse_spark_conf(line)))

    @cell_magic
    def configure(self, line: str, cell: str) -> None:
        """Options of the session as one dictionary."""
        spark, glue = split_options(parse_configure(cell))
        for name, value in glue.items():
            self._notes.ask(name, value)
        _say(session.choose(spark))

    @cell_magic
    def sql(self, line: str, cell: str) -> None:
        """Runs SQL on the session and shows the first rows."""
        from metriccare.runtime.spark import get_spark

        rows = get_spark().sql(cell.strip().rstrip(";")).limit(MAX_ROWS + 1).toPandas()
        display(rows.head(MAX_ROWS))  # type: ignore[no-untyped-call]
        _say(f"the first {MAX_ROWS} rows" if len(rows) > MAX_ROWS else "")

    @line_magic
    def status(self, line: str) -> None:
        """Says where Spark runs."""
        _say(session.describe())

    @line_magic
    def list_sessions(self, line: str) -> None:
        """Says where Spark runs; there is one session at most."""
        _say(session.describe())

    @line_magic
    def session_id(self, line: str) -> None:
        """Prints the id of the Spark application."""
        _say(session.identify())

    @line_magic
    def stop_session(self, line: str) -> None:
        """Stops the Spark session that this kernel started."""
        _say(session.stop())

    @line_magic
    def delete_session(self, line: str) -> None:
        """Stops the Spark session that this kernel started."""
        _say(session.stop())

    @line_magic
    def matplot(self, line: str) -> None:
        """Shows a picture by its name, e.g. %matplot plt for the open ones of matplotlib."""
        import matplotlib.pyplot as plt

        named = self.shell.user_ns.get(line.strip()) if self.shell else None
        if hasattr(named, "_repr_png_"):
            display(named)  # type: ignore[no-untyped-call]
        else:
            plt.show()

    @line_magic
    def help(self, line: str) -> None:
        """Lists the magics."""
        _say("Of use here:\n" + _listing(_own("line"), "%") + "\n" + _listing(_own("cell"), "%%"))
        _say("\nFor AWS Glue only:\n" + _listing(GLUE_ONLY, "%") + "\n" + _listing(GLUE_ONLY_CELLS, "%%"))


def _own(kind: str) -> dict[str, str]:
    return {name: getattr(GlueMagics, name).__doc__ or "" for name in sorted(GlueMagics.magics[kind])}


def _listing(magics: dict[str, str], sign: str) -> str:
    return "\n".join(f"  {sign + name:<28}{text}" for name, text in magics.items())


def _say(text: str) -> None:
    if text:
        print(text)  # noqa: T201
