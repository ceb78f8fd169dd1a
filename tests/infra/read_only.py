"""A proxy before an emulated AWS that refuses what a role may not do: to write a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.aws_gate import Asked, Refusal, gate_before


@contextmanager
def refusing_writes(address: str, bucket: str) -> Iterator[tuple[str, list[str]]]:
    """Serve all of an emulator but writes to a bucket; give the proxy's address and the list of what it refused."""
    refused: list[str] = []

    def refuse(asked: Asked) -> Refusal | None:
        if asked.method in ("GET", "HEAD") or not asked.path.startswith(f"/{bucket}"):
            return None
        refused.append(f"{asked.method} {asked.path}")
        return Refusal(403, "AccessDenied", "Access Denied")

    with gate_before(address) as gate:
        gate.refuse = refuse
        yield gate.address, refused
