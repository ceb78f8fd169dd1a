"""Checks that the fields which silver reads have FHIR R4's JSON types and that no unknown modifier changes them."""

import re
from functools import cache
from typing import Any

import msgspec

from metriccare.bronze.rejection import RejectedError
from metriccare.definitions.schemas import SHAPES, Leaf, Shape
from metriccare.definitions.value_sets import load

_JSON_TYPES = {Leaf.TEXT: "string", Leaf.NUMBER: "number", Leaf.BOOLEAN: "boolean"}
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
# The elements that order versions, of every resource.
_COMMON: dict[str, Shape] = {"meta": {"lastUpdated": Leaf.TEXT, "versionId": Leaf.TEXT}}
_LISTS_OF_R5 = {"Encounter.class", "Encounter.priority"}
_REQUEST = "request"  # silver recognises deletions by it; no resource used by a measure has this element


def check_fields(resource: dict[str, Any], resource_type: str, text: bytes = b"") -> None:
    """Check the fields of a resource; null counts as absent.

    Args:
        resource: the parsed resource.
        resource_type: its type.
        text: its text, if available, which makes the check fast for most resources.

    Raises:
        RejectedError: a field has the wrong JSON type (`wrong_type`), or there is a `modifierExtension` or
            `implicitRules` that is not declared harmless (`modifier_extension`). By FHIR R4, 2.4.1 and 2.27, such a
            resource must not be processed without understanding it.
    """
    if _REQUEST in resource:
        raise RejectedError("wrong_type", f"FHIR's {resource_type} has no element `{_REQUEST}`")
    if text and "implicitRules" not in resource and _is_clearly_valid(text, resource_type):
        return
    rules = resource.get("implicitRules")
    if rules is not None and not _is_harmless(rules):
        raise RejectedError("modifier_extension", f"implicitRules {_shown(rules)}")
    _check(resource, _COMMON, resource_type)
    _check(resource, SHAPES[resource_type], resource_type)


def _is_clearly_valid(text: bytes, resource_type: str) -> bool:
    """Return True if all types are right and there is no modifier extension; False means that it is not sure."""
    if b"modifierExtension" in text or b"\\u" in text:  # an escape may hide the name
        return False
    try:
        msgspec.json.decode(text, type=_struct_of(resource_type))
    except (msgspec.ValidationError, RecursionError):
        return False
    return True


@cache
def _struct_of(resource_type: str) -> type[msgspec.Struct]:
    return _struct(resource_type, {**SHAPES[resource_type], "meta": _meta_of(resource_type)})


def _meta_of(resource_type: str) -> Shape:
    own, common = SHAPES[resource_type].get("meta", {}), _COMMON["meta"]
    return {**own, **common} if isinstance(own, dict) and isinstance(common, dict) else common


def _struct(name: str, fields: dict[str, Shape]) -> type[msgspec.Struct]:
    known = [(f"f{at}", _type(f"{name}{at}", shape) | None, None) for at, shape in enumerate(fields.values())]
    names = {f"f{at}": field for at, field in enumerate(fields)}  # `class` is a Python keyword
    return msgspec.defstruct(name, known, rename=names)


def _type(name: str, shape: Shape) -> Any:
    if isinstance(shape, dict):
        return _struct(name, shape)
    if isinstance(shape, list):
        return list[_type(name, shape[0])]  # type: ignore[misc]
    return {Leaf.TEXT: str, Leaf.NUMBER: int | float, Leaf.BOOLEAN: bool}[shape]


def _check(value: Any, shape: Shape, path: str) -> None:
    if isinstance(shape, dict):
        _check_object(value, shape, path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise RejectedError("wrong_type", f"{path} must be a list")
        for number, part in enumerate(value):
            _check(part, shape[0], f"{path}[{number}]")
    elif not _is_leaf(value, shape):
        raise RejectedError("wrong_type", f"{path} must be a {_JSON_TYPES[shape]}")


def _check_object(value: Any, shape: dict[str, Shape], path: str) -> None:
    if not isinstance(value, dict):
        of_r5 = "; it is a list in FHIR R5" if path in _LISTS_OF_R5 and isinstance(value, list) else ""
        raise RejectedError("wrong_type", f"{path} must be an object{of_r5}")
    if value.get("modifierExtension"):
        _check_modifiers(value["modifierExtension"], path)
    for name, part in shape.items():
        found = value.get(name)
        if found is not None:
            _check(found, part, f"{path}.{name}")


def _check_modifiers(extensions: Any, path: str) -> None:
    if not isinstance(extensions, list):
        raise RejectedError("wrong_type", f"{path}.modifierExtension must be a list")
    for extension in extensions:
        url = extension.get("url") if isinstance(extension, dict) else None
        if not _is_harmless(url):
            raise RejectedError("modifier_extension", f"{path}.modifierExtension {_shown(url)}")


def _is_leaf(value: Any, leaf: Leaf) -> bool:
    if leaf is Leaf.BOOLEAN:
        return isinstance(value, bool) or value in ("true", "false")
    if leaf is Leaf.NUMBER:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number or (isinstance(value, str) and _NUMBER.fullmatch(value) is not None)
    return isinstance(value, str)


def _is_harmless(url: Any) -> bool:
    return isinstance(url, str) and url in _harmless()


def _shown(text: Any) -> str:
    return repr(text[:200]) if isinstance(text, str) else "without a URL"


@cache
def _harmless() -> frozenset[str]:
    return frozenset(code.code for code in load("modifier_extension"))
