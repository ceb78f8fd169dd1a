"""What a run writes is for its owner only: a lake holds names and addresses of patients."""

import os

from metriccare.errors import ParameterError

UMASK_VARIABLE = "METRICCARE_UMASK"
OWNER_ONLY = "077"


def keep_private() -> None:
    """Let only the owner read what this process and its children write from now on.

    `METRICCARE_UMASK` names other rights to take away, such as 027 for a lake that a group may read.

    Raises:
        ParameterError: it is no such number.
    """
    text = os.environ.get(UMASK_VARIABLE) or OWNER_ONLY
    try:
        mask = int(text, 8)
    except ValueError:
        mask = -1
    if mask not in range(0o1000):
        raise ParameterError(f"{UMASK_VARIABLE} is {text!r}: expected three octal digits, such as 027.")
    os.umask(mask)


def rights_taken() -> str:
    """Return which rights this process takes away, as octal digits, for programs that set rights themselves."""
    mask = os.umask(0o077)
    os.umask(mask)
    return f"{mask:03o}"
