"""Patients who are one: merged with each other, now or before."""

from collections.abc import Iterable

import pyarrow as pa

Patient = tuple[str, str | None]
"""Source and id; None is nobody: of whom resources are that name no patient."""


def with_relatives(patients: Iterable[Patient], links: pa.Table) -> set[Patient]:
    """Add all patients who are one with one of these, and the survivors.

    Args:
        patients: any patients.
        links: of `survivors`; of several states of a lake one after the other.
    """
    pairs = [
        ((row["source"], row["patient_id"]), (row["source"], row["survivor_id"])) for row in links.to_pylist()
    ]
    found = set(patients)
    roots = found | {survivor for patient, survivor in pairs if patient in found}
    return roots | {patient for patient, survivor in pairs if survivor in roots}
