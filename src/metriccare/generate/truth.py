"""truth.json: streamed line by line while the resources are written, in constant memory."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from metriccare.errors import ParameterError

_TAIL_BYTES = 4096


class TruthWriter:
    """Writes the header line, one line per stay, result and delivery, and the counts in the last line."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._file = path.open("wb")
        self._file.write(orjson.dumps(header)[:-1] + b',\n"stays": [\n')
        self._separator = b""

    def __enter__(self) -> "TruthWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def stay(self, label: Mapping[str, Any]) -> None:
        """Append the labels of one stay."""
        self._line(label)

    def finish(
        self,
        results: Iterable[Mapping[str, Any]],
        counts: Mapping[str, Any],
        deliveries: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        """Append the results, the contents of each delivery if there are several, and the counts."""
        self._list("results", results)
        rows = list(deliveries)
        if rows:
            self._list("deliveries", rows)
        self._file.write(b'\n],\n"counts": ' + orjson.dumps(counts) + b"}\n")

    def _list(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Close the previous list and write the next one."""
        self._file.write(b'\n],\n"' + name.encode() + b'": [\n')
        self._separator = b""
        for row in rows:
            self._line(row)

    def _line(self, value: Mapping[str, Any]) -> None:
        self._file.write(self._separator + orjson.dumps(value))
        self._separator = b",\n"


def read_header(path: Path) -> dict[str, Any]:
    """Return the first line of a truth.json (generator, profile, as_of) without reading the stays.

    Raises:
        ParameterError: the file was not written by this generator.
    """
    with path.open("rb") as file:
        first = file.readline()
    return _parse(path, first.rstrip().removesuffix(b",") + b"}")


def read_counts(path: Path) -> dict[str, Any]:
    """Return the counts from the last line of a truth.json without reading the stays."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        last = file.read().rstrip().rsplit(b"\n", 1)[-1]
    counts: dict[str, Any] = _parse(path, b"{" + last)["counts"]
    return counts


def _parse(path: Path, text: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ParameterError(
            f"{path} was not written by this generator; choose another folder, or overwrite it with --overwrite."
        ) from error
    return dict(value)
