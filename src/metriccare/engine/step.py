"""A step of a program: one SELECT, and the name of the table that its rows become."""

from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: of the table that the step makes; a table of that name is replaced, which the step itself may still read.
        select: a SELECT in DuckDB's SQL, see `macros.sql` for the functions that all steps share.
    """

    name: str
    select: str

    def __str__(self) -> str:
        """Return it as SQL to read."""
        return f"-- {self.name}\n{self.select}\n"


def load_steps(package: str, *names: str) -> tuple[Step, ...]:
    """Return the steps of the files `<name>.sql` of a package, in the order of the names."""
    folder = resources.files(package)
    return tuple(Step(name, folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")) for name in names)
