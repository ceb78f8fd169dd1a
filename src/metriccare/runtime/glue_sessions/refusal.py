"""A request that is not granted, by the name that AWS has for the reason."""

NOT_FOUND = "EntityNotFoundException"
EXISTS = "AlreadyExistsException"
INVALID = "InvalidInputException"
ILL_FORMED = "ValidationException"
WRONG_STATE = "IllegalSessionStateException"
TOO_MANY = "ResourceNumberLimitExceededException"
NOT_SUPPORTED = "OperationNotSupportedException"
UNKNOWN_OPERATION = "UnknownOperationException"
UNREADABLE = "SerializationException"
WRONG_KEY = "UnrecognizedClientException"


class RefusedError(Exception):
    """Raised where AWS would answer with an exception; the server sends it as such.

    Attributes:
        code: the exception's name at AWS.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
