"""One line per cell about the magics that mean something on AWS Glue only."""

from collections.abc import Callable


class Notes:
    """Gathers what a cell's magics asked of AWS Glue and says it once, when the cell has run."""

    def __init__(self) -> None:
        self._asked: list[str] = []

    def ask(self, name: str, value: object = "") -> None:
        """Remember one option."""
        self._asked.append(f"{name} {value}".strip())

    def line_magic(self, name: str) -> Callable[[str], None]:
        """Return a line magic that only remembers its value."""

        def magic(line: str) -> None:
            self.ask(name, line)

        return magic

    def cell_magic(self, name: str) -> Callable[[str, str], None]:
        """Return a cell magic that only remembers its name: its body may hold a secret."""

        def magic(line: str, cell: str) -> None:
            self.ask(name)

        return magic

    def tell(self, *_: object) -> None:
        """Print and forget what was asked; nothing where nothing was."""
        if not self._asked:
            return
        verb = "applies" if len(self._asked) == 1 else "apply"
        print(f"{', '.join(self._asked)}: {verb} on AWS Glue; this is the local kernel")  # noqa: T201
        self._asked.clear()
