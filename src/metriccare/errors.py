"""Every error MetricCare raises on purpose: what was found, what was expected, what to do next."""


class MetricCareError(Exception):
    """Base of all errors that a user can act on; its text is one sentence or two, without a traceback."""


class InputError(MetricCareError):
    """Raised when the raw folder or a file in it cannot be used at all (missing, empty, unreadable)."""


class StorageError(MetricCareError):
    """Raised when S3 can't be reached, or an object in it can't be read or written."""


class ParameterError(MetricCareError):
    """Raised when a parameter of a notebook or command is unknown, ill-typed or out of range."""


class GeneratedDataError(MetricCareError):
    """Raised when a generated resource is not valid FHIR R4; names the resource and what is wrong with it."""


class LakeError(MetricCareError):
    """Raised when a table of the lake is missing, unreadable or written by an incompatible version."""


class JavaError(MetricCareError):
    """Raised when no usable Java runtime is found or the Hudi jar cannot be fetched."""


class NotebookError(MetricCareError):
    """Raised when a cell of an executed notebook failed; names the notebook that was kept."""


class CellError(NotebookError):
    """Raised when a cell failed with an error that is not MetricCare's, whose text may quote the data.

    Attributes:
        summary: the sentence without that text, for logs.
    """

    def __init__(self, text: str, summary: str) -> None:
        super().__init__(text)
        self.summary = summary


class ReconciliationError(MetricCareError):
    """Raised when the parts of a run do not add up; names the difference."""


class QuarantineError(MetricCareError):
    """Raised when a quarantined record that is named can't be had, or when too much is quarantined."""


class LedgerError(MetricCareError):
    """Raised when the ledger of a lake is missing, unreachable, unwritable or written by a newer version."""


class StageBusyError(MetricCareError):
    """Raised when another process is writing the stage; names it and since when."""


class LeaseLostError(MetricCareError):
    """Raised when another process has taken over the stage of this one, which was thought dead."""


class VerificationError(MetricCareError):
    """Raised when the tables of a lake differ from those that a rebuild makes; names the differences."""


class MissingExtraError(MetricCareError):
    """Raised when a package of an extra is needed that is not installed; names the extra."""


class EndpointError(MetricCareError):
    """Raised when the local endpoint for Glue sessions, or the kernel for it, can't be started."""
