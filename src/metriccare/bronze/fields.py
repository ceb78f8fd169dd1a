"""Are the fields that silver reads of the JSON types that FHIR R4 gives them, and is nothing said that changes them?"""

import re
from functools import cache
from typing import Any

import msgspec

from metriccare.bronze.refusal import RefusedError
from metriccare.definitions.schemas import SHAPES, Leaf, Shape
from metriccare.definitions.value_sets import load

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
# What orders the versions of every resource.
_COMMON: dict[str, Shape] = {"meta": {"lastUpdated": Leaf.TEXT, "versionId": Leaf.TEXT}}
_REQUEST = "request"  # silver tells a deletion by it; no resource that is measured has such an element


def check_fields(resource: dict[str, Any], resource_type: str, text: bytes = b"") -> None:
    """Make sure that a resource can be read as FHIR R4 says; a field that is null counts as absent.

    Args:
        resource: parsed.
        resource_type: its type.
        text: the same as text, where it is at hand: then most resources pass at a glance.

    Raises:
        RefusedError: a field that is read is of another JSON type (`wrong_type`), or there is a `modifierExtension`
            or `implicitRules` that nobody declared harmless (`modifier_extension`): FHIR R4, 2.4.1 and 2.27, says
            that such a resource must not be processed by one who does not understand it.
    """
    if _REQUEST in resource:
        raise RefusedError("wrong_type", f"{resource_type} has no element {_REQUEST}")
    if text and "implicitRules" not in resource and _is_right(text, resource_type):
        return
    rules = resource.get("implicitRules")
    if rules is not None and not _is_harmless(rules):
        raise RefusedError("modifier_extension", f"implicitRules {_shown(rules)}")
    _check(resource, _COMMON, resource_type)
    _check(resource, SHAPES[resource_type], resource_type)


def _is_right(text: bytes, resource_type: str) -> bool:
    """Tell whether a text has all types as they should be, and no extension that modifies it; else look closer."""
    if b"modifierExtension" in text or b"\\u" in text:  # or perhaps the same in escapes
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
    names = {f"f{at}": field for at, field in enumerate(fields)}  # `class` can't be a name in Python
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
            raise RefusedError("wrong_type", f"{path} is no list")
        for number, part in enumerate(value):
            _check(part, shape[0], f"{path}[{number}]")
    elif not _is_leaf(value, shape):
        raise RefusedError("wrong_type", f"{path} is no {shape}")


def _check_object(value: Any, shape: dict[str, Shape], path: str) -> None:
    if not isinstance(value, dict):
        raise RefusedError("wrong_type", f"{path} is no object")
    if value.get("modifierExtension"):
        _check_modifiers(value["modifierExtension"], path)
    for name, part in shape.items():
        found = value.get(name)
        if found is not None:
            _check(found, part, f"{path}.{name}")


def _check_modifiers(extensions: Any, path: str) -> None:
    if not isinstance(extensions, list):
        raise RefusedError("wrong_type", f"{path}.modifierExtension is no list")
    for extension in extensions:
        url = extension.get("url") if isinstance(extension, dict) else None
        if not _is_harmless(url):
            raise RefusedError("modifier_extension", f"{path}.modifierExtension {_shown(url)}")


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
