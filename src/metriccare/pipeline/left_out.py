"""Files that are left out for good: reading them ended the process that read them."""

_ENDS = "ended the process that read it"
SENTENCE = (
    f"{{path}} {_ENDS}, perhaps for lack of memory: the other files were read without it. Split it, or write it as "
    "NDJSON, and put it into the raw folder again."
)


def is_left_out(reason: str) -> bool:
    """Tell from the reason why a file has failed whether it is not to be read again before it is another version."""
    return _ENDS in reason
