"""The outputs of notebooks that are committed, for nbval to compare and for people to read on GitHub.

A cell keeps its output if and only if nbval checks it; such a cell has both tags of `TAGS`. Only outputs that GitHub
shows well and that are readable in a diff are kept: text, and tables as HTML with one row per line, without styles.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

CHECKED, KEPT = TAGS = ("nbval-check-output", "keep_output")  # the tags of nbval, and of nbstripout
HTML, PLAIN = "text/html", "text/plain"

Output = Any  # nbformat gives dictionaries with attribute access, untyped


def is_checked(cell: Any) -> bool:
    """Return whether nbval compares the output of a cell."""
    return CHECKED in cell.metadata.get("tags", ())


def as_kept(outputs: Sequence[Output]) -> list[Output]:
    """Return the outputs of a cell as they are kept: the printed text, then the tables; no picture, no warning."""
    printed = "".join(one.text for one in outputs if one.output_type == "stream" and one.name == "stdout")
    streams = [_node(output_type="stream", name="stdout", text=printed)] if printed else []
    return streams + [_shown(one) for one in outputs if "data" in one]


def compact(html: str) -> str:
    """Return an HTML table of pandas with one row per line, without styles.

    Example:
        >>> print(compact('<table class="x"> <tr> <th>a</th> <td>1</td> </tr> </table>'))
        <table>
        <tr><th>a</th><td>1</td></tr>
        </table>
    """
    unstyled = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    plain = re.sub(r"<(table|tr)\b[^>]*>", r"<\1>", unstyled)
    return re.sub(r"(?=<tr>|</table>)", "\n", re.sub(r">\s+<", "><", plain))


def places(folder: Path) -> dict[str, str]:
    """Return the environment variables with which the notebooks, without parameters, read and write in one folder."""
    return {"METRICCARE_HOME": str(folder / "lake"), "METRICCARE_RAW": str(folder / "fhir_data" / "json")}


def _shown(output: Output) -> Output:
    kind, data = output.output_type, output.data
    kept = {HTML: compact(_text(data[HTML]))} if HTML in data else {PLAIN: _text(data.get(PLAIN, ""))}
    count = {"execution_count": None} if kind == "execute_result" else {}
    return _node(output_type=kind, data=kept, metadata={}, **count)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _node(**fields: Any) -> Output:
    return nbformat.from_dict(fields)  # type: ignore[no-untyped-call]
