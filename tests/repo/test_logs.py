"""A log message is constant, and its fields are known: nothing that varies with the data gets into it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from metriccare.runtime.logs import FIELDS

METHODS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield the calls of `log.<method>` and of `logs.timed`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else ""
            if (name == "log" and node.func.attr in METHODS) or (name, node.func.attr) == ("logs", "timed"):
                yield node


def problems(path: Path) -> Iterator[str]:
    for call in calls(path):
        is_timed = isinstance(call.func, ast.Attribute) and call.func.attr == "timed"
        texts = call.args[1:] if is_timed else call.args
        if len(texts) != 1 or not (isinstance(texts[0], ast.Constant) and isinstance(texts[0].value, str)):
            yield f"{path.name}:{call.lineno}: the message is not one constant text"
        extra = next((one.value for one in call.keywords if one.arg == "extra"), None)
        keys = extra.keys if isinstance(extra, ast.Dict) else []
        named = [key.value for key in keys if isinstance(key, ast.Constant)]
        named += [one.arg for one in call.keywords if is_timed and one.arg]
        yield from (
            f"{path.name}:{call.lineno}: unknown field {name}" for name in named if name not in FIELDS
        )


def test_every_message_is_constant_and_every_field_known(root: Path) -> None:
    files = [*(root / "src").rglob("*.py"), *(root / "lambda_function").glob("*.py")]
    files = [path for path in files if path.name != "logs.py"]
    assert sum(1 for path in files for _ in calls(path)) > 15
    assert [problem for path in files for problem in problems(path)] == []


def test_a_message_with_data_and_an_unknown_field_are_found(tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text(
        'log.info(f"read {name}")\n'
        'log.info("read %s", name)\n'
        'log.info("read", extra={"patient": name})\n'
        'logs.timed(log, "read", patient=name)\n'
        'log.info("read", extra={"rows": 1})\n'
    )
    assert [problem.split(":")[1] for problem in problems(module)] == ["1", "2", "3", "4"]
