"""What people are told of a run: the reconciliation in words, for e-mail and a chat. Counts only, no patient data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from metriccare.lake.run_log import Row
from metriccare.pipeline.glue_job.arguments import Arguments

_PARTS = ("accepted", "skipped", "quarantined")
_SUBJECT_LENGTH = 100  # the most that SNS takes
_HOUR = 3600


@dataclass(frozen=True)
class Input:
    """What is known of the input besides the row of gold.run.

    Attributes:
        records: how many were read since the last message.
        quarantined: how many of these were quarantined.
        unreadable: how many file versions could not be read.
        stale: by source that has sent nothing for longer than is allowed, for how many seconds.
    """

    records: int = 0
    quarantined: int = 0
    unreadable: int = 0
    stale: Mapping[str, float] = field(default_factory=dict)


def subject(job: Arguments, run: Row) -> str:
    """Return the subject of the e-mail, which is the title in a chat."""
    return f"MetricCare {job.environment}: {run['results']:,} results as of {run['as_of']}"[:_SUBJECT_LENGTH]


def text(job: Arguments, run: Row, found: Input) -> str:
    """Return the message.

    Args:
        job: the arguments of the job.
        run: the row of gold.run.
        found: about the input.
    """
    accepted, skipped, quarantined = (sum(run[part].values()) for part in _PARTS)
    return "\n".join(
        (
            f"Run {run['run_id']} of {job.workflow or 'a job'} computed the measures as of {run['as_of']}.",
            f"New: {found.records:,} records, {found.quarantined:,} of them quarantined.",
            f"Input in total: {run['files']:,} files, {run['records']:,} records = {accepted:,} accepted"
            f" + {skipped:,} skipped + {quarantined:,} quarantined.",
            *_problems(found),
            f"Live resources: {_listing(run['live'])}.",
            f"Stays: {run['stays']:,}. Results: {run['results']:,}."
            f"{' Synthetic data.' if run['is_synthetic'] else ''}",
            f"Notebooks: {job.lake.rstrip('/')}/runs/{run['run_id']}/",
        )
    )


def for_chat(title: str, description: str) -> str:
    """Return a message as Amazon Q Developer in chat applications takes it; it drops anything else without a word.

    The schema of custom notifications: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """
    content = {"textType": "client-markdown", "title": title, "description": description}
    return json.dumps({"version": "1.0", "source": "custom", "content": content})


def _problems(found: Input) -> list[str]:
    lines = [
        f"The source {name} has sent nothing for {age / _HOUR:,.0f} hours."
        for name, age in sorted(found.stale.items())
    ]
    if found.unreadable:
        lines.append(
            f"Files that could not be read: {found.unreadable:,}. `metriccare status` lists them; every run tries "
            "them again."
        )
    return lines


def _listing(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"
