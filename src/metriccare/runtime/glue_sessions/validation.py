"""Validates requests against botocore's model of the Glue service, so that they are rejected as AWS rejects them.

The model is the source of names, types and limits: https://docs.aws.amazon.com/glue/latest/webapi/.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationNotFoundError, ServiceModel, Shape
from botocore.validate import ParamValidator

from metriccare.runtime.glue_sessions.api_error import UNKNOWN_OPERATION, VALIDATION_FAILED, GlueApiError


@cache
def service_model() -> Any:
    """Return botocore's model of Glue."""
    return ServiceModel(Loader().load_service_model("glue", "service-2"), "glue")


def validate_request(operation: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the request without members that the model does not know, which AWS ignores.

    Raises:
        GlueApiError: the operation is unknown (UnknownOperationException), or a member is missing, has the wrong
            type or is outside its limits (ValidationException).
    """
    try:
        shape = service_model().operation_model(operation).input_shape
    except OperationNotFoundError as error:
        raise GlueApiError(UNKNOWN_OPERATION, f"{operation} is not an operation of AWS Glue.") from error
    known = {name: value for name, value in given.items() if name in shape.members}
    report = ParamValidator().validate(known, shape)
    errors = [report.generate_report()] if report.has_errors() else list(_limit_errors(shape, known))
    if errors:
        raise GlueApiError(VALIDATION_FAILED, f"{len(errors)} validation error detected: {'; '.join(errors)}")
    return known


def _limit_errors(shape: Shape, given: dict[str, Any]) -> Iterator[str]:
    """Yield a message for each value outside the limits that botocore leaves to the service to check."""
    for name, value in given.items():
        limits = shape.members[name].metadata
        if isinstance(value, str):
            yield from (f"Value at '{name}' {error}" for error in _text_errors(value, limits))
        elif isinstance(value, int) and value > limits.get("max", value):
            yield f"Value at '{name}' must be less than or equal to {limits['max']}"


def _text_errors(value: str, limits: dict[str, Any]) -> Iterator[str]:
    if len(value) > limits.get("max", len(value)):
        yield f"must have length less than or equal to {limits['max']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"must satisfy enum value set: {limits['enum']}"
    if "pattern" in limits and not _matches(limits["pattern"], value):
        yield f"must satisfy regular expression pattern: {limits['pattern']}"


def _matches(pattern: str, value: str) -> bool:
    """Return whether a Java pattern matches; its surrogate pairs are single characters in Python."""
    in_python = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    return re.fullmatch(in_python, value) is not None
