"""The `aws` commands in texts for people, in scripts and in workflows, and the AWS CLI that can say what is wrong."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

BEGINNING = re.compile(r"(?<![\w./-])aws(?= [a-z][a-z0-9-]+ [a-z])")
CLOSING = {"(": ")", "[": "]", "{": "}"}


def find_aws_cli() -> Path | None:
    """Return version 2 of AWS's command line, whichever comes first on the PATH; None if there is none."""
    for folder in os.environ["PATH"].split(os.pathsep):
        found = Path(folder) / "aws"
        if os.access(found, os.X_OK):
            said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
            if said.startswith("aws-cli/2."):
                return found
    return None


def commands(text: str) -> Iterator[str]:
    """Yield each command, up to where a shell or a reader sees its end."""
    text = text.replace("\\\n", " ")
    for found in BEGINNING.finditer(text):
        yield text[found.start() : _end(text, found.end())].strip()


def _end(text: str, position: int) -> int:
    quote, expected = "", []
    while position < len(text):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in CLOSING:
            expected.append(CLOSING[character])
        elif expected and character == expected[-1]:
            expected.pop()
        elif not expected and character in "\n`|;&)":
            break
        position += 1
    return position
