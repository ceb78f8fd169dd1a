"""All calls that are made to AWS, by whom: those that were recorded, those of commands, and those no test can make."""

from collections.abc import Iterable

from tests.infra.policies import unseen
from tests.infra.policies.calls import Call
from tests.infra.policies.commands import calls_of
from tests.infra.terraform import ROOT

# Whose commands these files hold; what people do by hand is theirs (docs/aws-permissions.md).
FILES = {"all_apply": (*(ROOT / ".github").rglob("*.yml"), *(ROOT / "tools").glob("*.sh"))}


def calls(recorded: Iterable[Call], environment: str = "dev") -> list[Call]:
    """Return all calls in an environment."""
    stack = unseen.Stack(environment)
    of_files = [
        call for of, files in FILES.items() for file in files for call in calls_of(file, stack.name(of))
    ]
    by_terraform = [call for made in unseen.of_terraform(stack).values() for call in made]
    return [
        *recorded,
        *of_files,
        *by_terraform,
        *unseen.of_readers(stack),
        *unseen.of_glue(stack),
        *unseen.of_lambda(stack),
    ]
