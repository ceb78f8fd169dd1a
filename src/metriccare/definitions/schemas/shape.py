"""Which parts of a FHIR resource are read, and what JSON each must be. One description for bronze and for silver."""

from enum import StrEnum


class Leaf(StrEnum):
    """A primitive by the JSON type it is written as; numbers and booleans in quotes are understood."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"


Shape = Leaf | dict[str, "Shape"] | list["Shape"]


def ddl(fields: dict[str, Shape]) -> str:
    """Return the fields as Spark DDL. Every leaf is text: types are silver's business, nothing is lost by a cast."""
    return ", ".join(f"`{name}` {_type(shape)}" for name, shape in fields.items())


def _type(shape: Shape) -> str:
    if isinstance(shape, dict):
        return f"STRUCT<{', '.join(f'`{name}`: {_type(part)}' for name, part in shape.items())}>"
    return f"ARRAY<{_type(shape[0])}>" if isinstance(shape, list) else "STRING"
