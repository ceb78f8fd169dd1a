"""Holds requests to botocore's model of the Glue service, so that a wrong one is refused as AWS refuses it.

The model's file is the source of names, types and limits: https://docs.aws.amazon.com/glue/latest/webapi/.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationNotFoundError, ServiceModel, Shape
from botocore.validate import ParamValidator

from metriccare.runtime.glue_sessions.refusal import ILL_FORMED, UNKNOWN_OPERATION, RefusedError


@cache
def service() -> Any:
    """Return botocore's model of Glue."""
    return ServiceModel(Loader().load_service_model("glue", "service-2"), "glue")


def checked(operation: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the request without members that the model does not know, which AWS passes over.

    Raises:
        RefusedError: the operation is unknown (UnknownOperationException), or a required member is missing, has another
            type, or is outside its limits (ValidationException).
    """
    try:
        shape = service().operation_model(operation).input_shape
    except OperationNotFoundError as error:
        raise RefusedError(UNKNOWN_OPERATION, f"{operation} is no operation of AWS Glue.") from error
    known = {name: value for name, value in given.items() if name in shape.members}
    report = ParamValidator().validate(known, shape)
    found = [report.generate_report()] if report.has_errors() else list(_outside(shape, known))
    if found:
        raise RefusedError(ILL_FORMED, f"{len(found)} validation error detected: {'; '.join(found)}")
    return known


def _outside(shape: Shape, given: dict[str, Any]) -> Iterator[str]:
    """Tell the texts and numbers outside the limits that botocore leaves to the service."""
    for name, value in given.items():
        limits = shape.members[name].metadata
        if isinstance(value, str):
            yield from (f"Value at '{name}' {told}" for told in _wrong_text(value, limits))
        elif isinstance(value, int) and value > limits.get("max", value):
            yield f"Value at '{name}' must be less than or equal to {limits['max']}"


def _wrong_text(value: str, limits: dict[str, Any]) -> Iterator[str]:
    if len(value) > limits.get("max", len(value)):
        yield f"must have length less than or equal to {limits['max']}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"must satisfy enum value set: {limits['enum']}"
    if "pattern" in limits and not _matches(limits["pattern"], value):
        yield f"must satisfy regular expression pattern: {limits['pattern']}"


def _matches(pattern: str, value: str) -> bool:
    """Tell whether Java's pattern matches; its pairs of surrogates are one character to Python."""
    return (
        re.fullmatch(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"), value)
        is not None
    )
