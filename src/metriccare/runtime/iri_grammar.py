"""Keeps a grammar that takes seconds to build out of this process."""

import sys

MODULE = "rfc3987_syntax"


def skip_iri_grammar() -> None:
    """Let jsonschema, which nbformat imports, do without its check of IRIs: no notebook has one to check.

    The check is optional. JupyterLab installs it, and importing it builds a grammar for 1 to 3 seconds. A command or
    job calls this before it imports nbformat; a process that was asked for it already keeps it.
    """
    sys.modules.setdefault(MODULE, None)  # type: ignore[arg-type] # Python then raises ModuleNotFoundError
