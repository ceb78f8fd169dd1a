"""The errors that MetricCare raises; each message says what was found, what was expected and what to do next."""


class MetricCareError(Exception):
    """Base class of all errors that a user can act on; commands print the message without a traceback."""


class InputError(MetricCareError):
    """Raised when the raw folder or a file in it is missing, empty or unreadable."""


class GoneError(InputError):
    """Raised when a file version was overwritten or deleted before it was read."""


class StorageError(MetricCareError):
    """Raised when S3 can't be reached, or an object in it can't be read or written."""


class ParameterError(MetricCareError):
    """Raised when a parameter of a notebook or command is unknown, has the wrong type or is out of range."""


class GeneratedDataError(MetricCareError):
    """Raised when a generated resource is not valid FHIR R4; names the resource and the problem."""


class LakeError(MetricCareError):
    """Raised when a table of the lake is missing, unreadable or written by an incompatible version."""


class JavaError(MetricCareError):
    """Raised when no usable Java runtime is found or the Hudi jar can't be downloaded."""


class NotebookError(MetricCareError):
    """Raised when a cell of a notebook failed; names the executed notebook."""


class CellError(NotebookError):
    """Raised when a cell failed with an error of another library, whose message may contain patient data.

    Attributes:
        summary: the message without that text, for logs.
    """

    def __init__(self, text: str, summary: str) -> None:
        super().__init__(text)
        self.summary = summary


class ReconciliationError(MetricCareError):
    """Raised when the counts of a run do not add up; names the differences."""


class QuarantineError(MetricCareError):
    """Raised when a requested quarantined record can't be read, or when too many records are quarantined."""


class LedgerError(MetricCareError):
    """Raised when the ledger of a lake is missing, unreachable, read-only or written by a newer version."""


class StageBusyError(MetricCareError):
    """Raised when another process is writing the stage; names the process and when it started."""


class PublishError(MetricCareError):
    """Raised when a message or a metric could not be sent; what was computed is in the lake."""


class LeaseLostError(MetricCareError):
    """Raised when this process has lost its lease on a stage and another one has taken over."""


class VerificationError(MetricCareError):
    """Raised when the tables of a lake differ from a rebuild; names the differences."""


class MissingExtraError(MetricCareError):
    """Raised when a package of an optional extra is not installed; names the extra."""


class EndpointError(MetricCareError):
    """Raised when the local endpoint for Glue sessions, or the kernel for it, can't be started."""
