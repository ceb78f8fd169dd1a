"""A quarantined piece read once more, by the code as it is now."""

from metriccare.bronze.bundle import context_of, entry_pieces
from metriccare.bronze.classify import classify
from metriccare.bronze.parse import loads
from metriccare.bronze.piece import Piece, quarantined
from metriccare.bronze.refusal import RefusedError
from metriccare.fhir.ndjson import Text


def reread(position: str, text: bytes, bundle: str | None) -> list[Piece]:
    """Classify once more what went to quarantine, as if it came now.

    Args:
        position: where it lay.
        text: its body, decoded from base64 where it was encoded.
        bundle: the column of that name: of an entry, what it needs of its Bundle.
    """
    if bundle is None:
        return [_elsewhere(piece, position) for piece in classify(Text(0, text))]
    try:
        entry = loads(text)
    except RefusedError as refused:
        return [quarantined(position, text, refused, bundle)]
    return list(entry_pieces(position, text, entry, context_of(bundle)))


def _elsewhere(piece: Piece, position: str) -> Piece:
    return piece | {"position": position + str(piece["position"]).removeprefix("0")}
