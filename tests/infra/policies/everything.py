"""All calls that are made to AWS, by whom: those that were recorded, those of commands, and those no test can make."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.infra.policies import unseen
from tests.infra.policies.calls import Call
from tests.infra.policies.commands import calls_of
from tests.infra.terraform import ROOT

DOCS = ROOT / "docs"
# Whose commands these files hold.
FILES: dict[str, tuple[Path, ...]] = {
    "all_apply": (*(ROOT / ".github").rglob("*.yml"), *(ROOT / "tools").glob("*.sh")),
    "gold_engineers": (DOCS / "operations.md", DOCS / "deploy.md"),
}
UPLOADERS = "raw_uploaders"  # copy files to the raw bucket
USELESS = ("ResetJobBookmark",)  # docs/operations.md says that it changes nothing


def calls(recorded: Iterable[Call], environment: str = "dev") -> list[Call]:
    """Return all calls in an environment."""
    stack = unseen.Stack(environment)
    by_terraform = [call for made in unseen.of_terraform(stack).values() for call in made]
    return [
        *(call for call in recorded if call.principal.endswith(f"_{environment}")),
        *_of_files(stack),
        *by_terraform,
        *unseen.of_readers(stack),
        *unseen.of_glue(stack),
        *unseen.of_lambda(stack),
    ]


def _of_files(stack: unseen.Stack) -> Iterator[Call]:
    for of, files in FILES.items():
        for call in (call for file in files for call in calls_of(file, stack.name(of))):
            if call.service == "s3" and call.operation in ("PutObject", "CreateMultipartUpload"):
                yield replace(call, principal=stack.name(UPLOADERS))
            elif call.operation not in USELESS:
                yield call
