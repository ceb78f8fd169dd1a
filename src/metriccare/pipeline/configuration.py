"""Reads the configuration of the sources from `metriccare.toml` (docs/sources.md)."""

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from metriccare.definitions.sources import NONE, Source, Sources
from metriccare.definitions.validation import check_timezone
from metriccare.definitions.value_sets import Code, load
from metriccare.errors import ParameterError, StorageError
from metriccare.lake.storage import exists, read, sibling
from metriccare.settings import Lake

CODE_MAPS = {"class_map": "encounter_class", "disposition_map": "discharge_disposition"}
NEEDED_COLUMNS = ("system", "code", "display", "category")
OTHER_COLUMNS = ("source", "version", "count")  # `count` comes with the list that preflight writes
FORMULAS = ("'=", "'+", "'-", "'@", "''")  # what preflight writes for a text that begins like a formula
KEYS = tuple(one.name for one in fields(Source))


def configured(lake: Lake, config: str | Path = "", timezone: str = "") -> Sources:
    """Return the sources of a run: from the file `config`, else from the lake's own `metriccare.toml` if there is one.

    Args:
        lake: the lake.
        config: a TOML file; empty means the lake's own.
        timezone: zone of the sources that name none.

    Raises:
        ParameterError: the file is missing or has an error.
    """
    is_absent = not str(config) and not exists(lake.config)
    sources = (NONE if is_absent else load_sources(str(config) or lake.config)).with_timezone(timezone)
    _check_zones(sources)
    return sources


def _check_zones(sources: Sources) -> None:
    """Make sure that what converts dates knows the zones: a recent one may be missing there.

    Raises:
        ParameterError: it does not.
    """
    named = {sources.timezone}
    for one in sources.by_name.values():
        named |= {one.timezone, *one.hospital_timezones.values()}
    named.discard("")
    if named:
        from metriccare.engine import known_zones  # what runs have, and what only reads does without

        if unknown := sorted(named - known_zones()):
            raise ParameterError(
                f"The time zone {unknown[0]} is not known to DuckDB, which converts the dates: name another zone with "
                "the same clock."
            )


def load_sources(path: str | Path) -> Sources:
    """Return the sources that a TOML file (or object on S3) describes; code maps are in the same folder.

    Raises:
        ParameterError: it is missing or has an error; the text names file and key.
    """
    place = str(path)
    content = _toml(place)
    _refuse_unknown(content, ("sources",), place, "the file")
    tables = _table(content.get("sources", {}), f"{place}: sources")
    named = {name: _table(value, f"{place}: sources.{name}") for name, value in tables.items()}
    return Sources({name: _source(value, name, place) for name, value in named.items()})


def _toml(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(read(path).decode("utf-8"))
    except (OSError, StorageError) as error:
        raise ParameterError(
            f"The configuration {path} can't be read ({_reason(error)}): pass the path of a TOML file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"{path} is not valid TOML ({error}): correct it; docs/sources.md has an example."
        ) from error


def _reason(error: OSError | StorageError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _source(content: dict[str, Any], name: str, path: str) -> Source:
    _refuse_unknown(content, KEYS, path, f"sources.{name}")
    return Source(
        **{key: _READERS[key](value, f"{path}: sources.{name}.{key}", path) for key, value in content.items()}
    )


def _zone(value: Any, place: str, _: str) -> str:
    try:
        return check_timezone(_text(value, place))
    except ParameterError as error:
        raise ParameterError(
            f"{place} is {value!r}: expected the name of a zone like Europe/Berlin."
        ) from error


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise ParameterError(f"{place} is {value!r}: expected a text in quotes.")
    return value


def _flag(value: Any, place: str, _: str) -> bool:
    if not isinstance(value, bool):
        raise ParameterError(f"{place} is {value!r}: expected true or false.")
    return value


def _texts(value: Any, place: str, _: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ParameterError(f'{place} is {value!r}: expected a list of texts like ["a", "b"].')
    return tuple(_text(one, place) for one in value)


def _zones(value: Any, place: str, path: str) -> dict[str, str]:
    return {key: _zone(zone, f"{place}.{key}", path) for key, zone in _table(value, place).items()}


def _aliases(value: Any, place: str, _: str) -> dict[str, str]:
    return {key: _text(alias, f"{place}.{key}") for key, alias in _table(value, place).items()}


def _table(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ParameterError(f"{place} is {value!r}: expected a table like [{place.rpartition(' ')[2]}].")
    return value


def _code_map(value: Any, place: str, path: str) -> tuple[Code, ...]:
    file = sibling(path, _text(value, place))
    allowed = sorted({row.category for row in load(CODE_MAPS[place.rpartition(".")[2]])})
    try:
        text = read(file).decode("utf-8-sig")
    except (OSError, StorageError) as error:
        raise ParameterError(
            f"{place} names {file}, which can't be read ({_reason(error)}): put the CSV into the folder of the TOML "
            "file."
        ) from error
    except UnicodeDecodeError as error:
        raise ParameterError(
            f"{place} names {file}, which is not UTF-8: in Excel, save it as 'CSV UTF-8'; elsewhere, convert it "
            "(`iconv -t UTF-8`)."
        ) from error
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        _check_columns(reader.fieldnames or (), file)
        mapped = [_code(row, file, at, allowed) for at, row in enumerate(reader, 2) if row["category"]]
    except csv.Error as error:
        raise ParameterError(f"{file} is no CSV ({error}): write it as preflight does.") from error
    return _once_each(mapped, file)


def _once_each(mapped: list[Code], file: str) -> tuple[Code, ...]:
    twice = [code for code, count in Counter((row.system, row.code) for row in mapped).items() if count > 1]
    if twice:
        raise ParameterError(
            f"{file} maps the code {twice[0][1]!r} of {twice[0][0] or 'no system'} twice: keep one of the rows."
        )
    return tuple(mapped)


def _check_columns(found: Any, file: str) -> None:
    missing = [name for name in NEEDED_COLUMNS if name not in found]
    unknown = [name for name in found if name not in NEEDED_COLUMNS + OTHER_COLUMNS]
    if missing or unknown:
        raise ParameterError(
            f"{file} has the columns {', '.join(found) or 'none'}: expected {', '.join(NEEDED_COLUMNS)}, "
            f"and besides them only {', '.join(OTHER_COLUMNS)}."
        )


def _code(row: Mapping[str, str | None], file: str, line: int, allowed: list[str]) -> Code:
    text = {name: _unquoted((value or "").strip()) for name, value in row.items()}
    if text["category"] not in allowed:
        raise ParameterError(
            f"{file}, line {line}: the category is {text['category']!r}; expected one of {', '.join(allowed)}."
        )
    if not text["code"]:
        raise ParameterError(
            f"{file}, line {line}: there is a category but no code; write the code or drop the row."
        )
    kept = {name: text[name] for name in NEEDED_COLUMNS}
    return Code(
        **kept,
        rule="",
        source=text.get("source") or file.rpartition("/")[2],
        version=text.get("version") or "",
    )


def _unquoted(text: str) -> str:
    """Return the text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text[:2] in FORMULAS else text


def _refuse_unknown(content: Mapping[str, Any], known: tuple[str, ...], path: str, place: str) -> None:
    unknown = [key for key in content if key not in known]
    if unknown:
        raise ParameterError(
            f"{path}: {place} has the unknown key {unknown[0]!r}; expected {', '.join(known)}."
        )


_READERS: dict[str, Callable[[Any, str, str], Any]] = {
    "timezone": _zone,
    "has_dispositions": _flag,
    "inpatient_by_type": _flag,
    "class_map": _code_map,
    "disposition_map": _code_map,
    "cancer_hospitals": _texts,
    "hospital_timezones": _zones,
    "hospital_aliases": _aliases,
}
