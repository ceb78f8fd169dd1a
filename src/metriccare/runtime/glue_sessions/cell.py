"""Runs the code of one statement as Livy does, on which Glue's sessions are built.

The value of the last expression is printed; `%matplot NAME` returns the current figure of a plotting module as an image
(https://github.com/apache/incubator-livy, repl/src/main/resources/fake_shell.py); text printed before an error is
dropped.
"""

import ast
import base64
import io
import traceback
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType
from typing import Any

MATPLOT = "matplot"
_NAME = "<stdin>"
Output = dict[str, Any]


class UnknownMagic(Exception):  # noqa: N818 - the name that Livy shows
    """Raised for a line that starts with % and is not a magic of Glue sessions."""


def run_cell(code: str, names: dict[str, Any]) -> Output:
    """Run the code in the namespace `names`; return the API's structure StatementOutput without its count."""
    out, err = io.StringIO(), io.StringIO()
    picture = b""
    try:
        with redirect_stdout(out), redirect_stderr(err):
            for part in _parts(code):
                picture = _run(part, names) or picture
    except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt, which must not end the session
        return failure(error)
    return {"Status": "ok", "Data": _data(out.getvalue(), err.getvalue(), picture)}


def failure(error: BaseException) -> Output:
    """Return the output of a statement that raised this error, without this package's own stack frames."""
    package = Path(__file__).parent
    frames = [
        one for one in traceback.extract_tb(error.__traceback__) if Path(one.filename).parent != package
    ]
    last = traceback.format_exception_only(error)
    return {
        "Status": "error",
        "ErrorName": type(error).__name__,
        "ErrorValue": str(error),
        "Traceback": ["Traceback (most recent call last):\n", *traceback.format_list(frames), *last],
    }


def _data(out: str, err: str, picture: bytes) -> dict[str, str]:
    if not picture:
        return {"TextPlain": (out + err).rstrip()}
    encoded = base64.b64encode(picture).decode()
    # Members other than TextPlain are in the kernel's copy of the service model only.
    return {"MimeType": "image/png;base64", "Result": encoded, "StdOut": out, "StdErr": err}


def _parts(code: str) -> Iterator[str]:
    """Yield the code unsplit if it is valid Python, else split at the lines that start with %."""
    if _is_python(code):
        yield code
        return
    lines: list[str] = []
    for line in code.splitlines():
        if line.startswith("%"):
            yield "\n".join(lines)
            yield line
            lines = []
        else:
            lines.append(line)
    yield "\n".join(lines)


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def _run(part: str, names: dict[str, Any]) -> bytes:
    """Run Python code or a magic; return the magic's image, if any."""
    if part.startswith("%"):
        return _magic(part[1:].split(), names)
    for code in _compiled(part):
        exec(code, names)  # noqa: S102 - running code is the purpose of a session
    return b""


def _compiled(part: str) -> Iterator[CodeType]:
    """Yield all statements but the last, then the last one compiled so that its value is printed."""
    body = ast.parse(part, _NAME).body
    yield compile(ast.Module(body[:-1], []), _NAME, "exec", dont_inherit=True)
    yield compile(ast.Interactive(body[-1:]), _NAME, "single", dont_inherit=True)


def _magic(words: list[str], names: dict[str, Any]) -> bytes:
    name, *values = words or [""]
    if name != MATPLOT or len(values) != 1:
        raise UnknownMagic(f"unknown magic command '{' '.join(words)}'")
    png = io.BytesIO()
    names[values[0]].gcf().savefig(png, format="png")
    return png.getvalue()
