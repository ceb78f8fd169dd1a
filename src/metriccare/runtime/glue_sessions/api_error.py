"""The error of a request, with the name of AWS's exception."""

NOT_FOUND = "EntityNotFoundException"
EXISTS = "AlreadyExistsException"
INVALID = "InvalidInputException"
VALIDATION_FAILED = "ValidationException"
ILLEGAL_STATE = "IllegalSessionStateException"
TOO_MANY = "ResourceNumberLimitExceededException"
NOT_SUPPORTED = "OperationNotSupportedException"
UNKNOWN_OPERATION = "UnknownOperationException"
UNREADABLE = "SerializationException"
UNRECOGNIZED_KEY = "UnrecognizedClientException"


class GlueApiError(Exception):
    """Raised where AWS would respond with an exception; the server sends it as such.

    Attributes:
        code: AWS's name of the exception.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
