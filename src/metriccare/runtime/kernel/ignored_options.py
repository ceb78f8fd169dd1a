"""One line per cell that lists the options which only AWS Glue knows."""

from collections.abc import Callable


class IgnoredOptions:
    """Collects a cell's AWS Glue options and reports them once, after the cell has run."""

    def __init__(self) -> None:
        self._options: list[str] = []

    def add(self, name: str, value: object = "") -> None:
        """Add one option."""
        self._options.append(f"{name} {value}".strip())

    def line_magic(self, name: str) -> Callable[[str], None]:
        """Return a line magic that only records its value."""

        def magic(line: str) -> None:
            self.add(name, line)

        return magic

    def cell_magic(self, name: str) -> Callable[[str, str], None]:
        """Return a cell magic that only records its name, since its body may hold a secret."""

        def magic(line: str, cell: str) -> None:
            self.add(name)

        return magic

    def report(self, *_: object) -> None:
        """Print the options of this cell, if it had any, and clear them."""
        if self._options:
            print(f"Ignored by the local kernel (AWS Glue only): {', '.join(self._options)}")  # noqa: T201
        self._options.clear()
