"""All calls that are made to AWS, by whom: those that were recorded, those of commands, and those no test can make."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.infra.policies import unseen
from tests.infra.policies.calls import Call
from tests.infra.policies.commands import WRITING, calls_of
from tests.infra.policies.workflow import commands_by_role
from tests.infra.terraform import ROOT

# What people do by hand.
PAGES: tuple[Path, ...] = (ROOT / "docs" / "operations.md", ROOT / "docs" / "deploy.md")
ENGINEERS, UPLOADERS = "gold_engineers", "raw_uploaders"  # these copy files to the raw bucket


def calls(recorded: Iterable[Call], environment: str = "dev") -> list[Call]:
    """Return all calls in an environment."""
    stack = unseen.Stack(environment)
    by_terraform = [call for made in unseen.of_terraform(stack).values() for call in made]
    return [
        *(call for call in recorded if call.principal.endswith(f"_{environment}")),
        *_of_workflow(),
        *_of_pages(stack),
        *by_terraform,
        *unseen.of_readers(stack),
        *unseen.of_glue(stack),
        *unseen.of_lambda(stack),
    ]


def _of_workflow() -> Iterator[Call]:
    for role, text in commands_by_role():
        yield from calls_of(text, role)


def _of_pages(stack: unseen.Stack) -> Iterator[Call]:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for call in calls_of(text, stack.name(ENGINEERS)):
        if call.service == "s3" and call.operation in WRITING:
            yield replace(call, principal=stack.name(UPLOADERS))
        else:
            yield call
