"""Writes the Terraform variables that are set on GitHub as JSON, for a file that Terraform loads by itself.

TF_VAR_MAX_WORKERS sets `max_workers` in both environments, TF_VAR_MAX_WORKERS_PROD in prod only, where it wins. What is
not set keeps its default. Lists, objects and null are written as JSON, everything else as plain text.

    GITHUB_VARIABLES='{"TF_VAR_ENGINE": "in_process"}' python -m tools.github_variables prod
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

DECLARED = Path(__file__).parents[1] / "infra" / "variables.tf"
ENVIRONMENTS = ("dev", "prod")
PREFIX = "TF_VAR_"
BUILT = {"python_modules", "lambda_archive"}  # the workflow builds them, from the commit that it deploys


class VariableError(Exception):
    """A variable on GitHub that Terraform could not take."""


def main(environment: str) -> None:
    """Print the variables of an environment; `GITHUB_VARIABLES` holds GitHub's as `toJSON(vars)`."""
    try:
        found = terraform_variables(json.loads(os.environ["GITHUB_VARIABLES"] or "{}"), environment)
    except VariableError as error:
        sys.exit(str(error))
    print(json.dumps(found, indent=2, sort_keys=True))


def terraform_variables(on_github: Mapping[str, str], environment: str) -> dict[str, object]:
    """Return the Terraform variables that GitHub's set for an environment.

    Raises:
        VariableError: one names no variable that can be set, or its value is not the JSON that it looks like.
    """
    declared = settable()
    everywhere: dict[str, object] = {}
    here: dict[str, object] = {}
    for name, text in on_github.items():
        if not name.upper().startswith(PREFIX) or not text.strip():
            continue
        variable, of = _variable(name, declared)
        if of is None:
            everywhere[variable] = _value(name, text)
        elif of == environment:
            here[variable] = _value(name, text)
    return everywhere | here


def settable() -> set[str]:
    """Return the variables of the stack that a person may set."""
    return set(re.findall(r'^variable "(\w+)"', DECLARED.read_text(encoding="utf-8"), re.MULTILINE)) - BUILT


def _variable(name: str, declared: set[str]) -> tuple[str, str | None]:
    """Return the variable that a name on GitHub sets, and the environment if it is for one only."""
    own = name.upper().removeprefix(PREFIX).lower()
    if own in declared:
        return own, None
    variable, _, environment = own.rpartition("_")
    if variable in declared and environment in ENVIRONMENTS:
        return variable, environment
    near = get_close_matches(
        own, [*declared, *(f"{one}_{env}" for one in declared for env in ENVIRONMENTS)], 1
    )
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
    raise VariableError(
        f"The GitHub variable {name} sets no variable of infra/variables.tf that can be set{hint}"
    )


def _value(name: str, text: str) -> object:
    """Return JSON's lists, objects and null as such. Terraform itself turns text into numbers and booleans."""
    text = text.strip()
    if text != "null" and not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise VariableError(
            f'The GitHub variable {name} must be JSON, such as ["a@hospital.example"] or {{"team_id": "T0"}}: {error}'
        ) from None


if __name__ == "__main__":
    main(sys.argv[1])
