"""The error with which bronze rejects a record, which then goes to quarantine."""

from metriccare.definitions.rejection_reasons import REASONS


class RejectedError(Exception):
    """Raised within bronze for a record that goes to quarantine; never leaves this package."""

    def __init__(self, code: str, detail: str = "") -> None:
        sentence = REASONS[code].sentence
        super().__init__(f"{sentence.removesuffix('.')}: {detail}" if detail else sentence)
        self.code = code
