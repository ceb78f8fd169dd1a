"""Which parts of a FHIR resource are read, and what JSON each must be. One description for bronze and for silver."""

from enum import StrEnum


class Leaf(StrEnum):
    """A primitive by the JSON type it is written as; numbers and booleans in quotes are understood."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"


Shape = Leaf | dict[str, "Shape"] | list["Shape"]
