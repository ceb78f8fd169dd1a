"""The Glue magics that have an effect in the local kernel."""

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import display

from metriccare.runtime.kernel import session
from metriccare.runtime.kernel.ignored_options import IgnoredOptions
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
    """Glue's session magics, applied to the local Spark session."""

    def __init__(self, shell: InteractiveShell, ignored: IgnoredOptions) -> None:
        super().__init__(shell)
        self._ignored = ignored

    @line_magic
    def spark_conf(self, line: str) -> None:
        """Sets Spark options for the session, e.g. %spark_conf spark.a=b --conf spark.c=d."""
        _print(session.configure(parse_spark_conf(line)))

    @cell_magic
    def configure(self, line: str, cell: str) -> None:
        """Sets the session's options from one dictionary."""
        spark, glue = split_options(parse_configure(cell))
        for name, value in glue.items():
            self._ignored.add(name, value)
        _print(session.configure(spark))

    @cell_magic
    def sql(self, line: str, cell: str) -> None:
        """Runs SQL in the session and shows the first rows."""
        from metriccare.runtime.spark import get_spark

        rows = get_spark().sql(cell.strip().rstrip(";")).limit(MAX_ROWS + 1).toPandas()
        display(rows.head(MAX_ROWS))  # type: ignore[no-untyped-call]
        _print(f"first {MAX_ROWS} rows" if len(rows) > MAX_ROWS else "")

    @line_magic
    def status(self, line: str) -> None:
        """Shows where Spark runs."""
        _print(session.describe())

    @line_magic
    def list_sessions(self, line: str) -> None:
        """Shows where Spark runs; there is at most one session."""
        _print(session.describe())

    @line_magic
    def session_id(self, line: str) -> None:
        """Prints the id of the Spark application."""
        _print(session.identify())

    @line_magic
    def stop_session(self, line: str) -> None:
        """Stops the Spark session that this kernel started."""
        _print(session.stop())

    @line_magic
    def delete_session(self, line: str) -> None:
        """Stops the Spark session that this kernel started."""
        _print(session.stop())

    @line_magic
    def matplot(self, line: str) -> None:
        """Shows a figure by name, or the open matplotlib figures: %matplot plt."""
        import matplotlib.pyplot as plt

        named = self.shell.user_ns.get(line.strip()) if self.shell else None
        if hasattr(named, "_repr_png_"):
            display(named)  # type: ignore[no-untyped-call]
        else:
            plt.show()

    @line_magic
    def help(self, line: str) -> None:
        """Lists the magics."""
        _print("Available here:\n" + _help_lines(_own("line"), "%") + "\n" + _help_lines(_own("cell"), "%%"))
        _print(
            "\nAWS Glue only (ignored here):\n"
            + _help_lines(GLUE_ONLY, "%")
            + "\n"
            + _help_lines(GLUE_ONLY_CELLS, "%%")
        )


def _own(kind: str) -> dict[str, str]:
    return {name: getattr(GlueMagics, name).__doc__ or "" for name in sorted(GlueMagics.magics[kind])}


def _help_lines(magics: dict[str, str], sign: str) -> str:
    return "\n".join(f"  {sign + name:<28}{text}" for name, text in magics.items())


def _print(text: str) -> None:
    if text:
        print(text)  # noqa: T201
