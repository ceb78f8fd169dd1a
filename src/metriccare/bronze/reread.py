"""A quarantined piece read once more, by the code as it is now."""

from metriccare.bronze.piece import Piece, classify
from metriccare.raw import Line


def reread(position: str, text: bytes, bundle: str | None) -> list[Piece]:
    """Return what the present code makes of a piece that was quarantined, as `classify` does of a line.

    Args:
        position: where it began in its file.
        text: as it came.
        bundle: the context of the Bundle that it was an entry of; None for a line of its own.
    """
    return classify(Line(int(position), text))
