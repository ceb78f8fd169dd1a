"""What an account has that a session may be given; the local endpoint's has one role and one wheel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from metriccare import __version__
from metriccare.runtime.glue_sessions.identity import ROLE

WHEEL = f"s3://metriccare-local-scripts/metriccare-{__version__}-py3-none-any.whl"


@dataclass(frozen=True)
class Account:
    """What CreateSession may name.

    Attributes:
        roles: ARNs of the roles that Glue may assume.
        files: the wheels in each file of Python modules, by its URL: a wheel holds itself, an archive any number.
    """

    roles: frozenset[str]
    files: Mapping[str, Sequence[str]]


LOCAL = Account(frozenset((ROLE,)), {WHEEL: (PurePosixPath(WHEEL).name,)})
