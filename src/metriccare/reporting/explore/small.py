"""Hides the groups of a comparison whose counts are small (MEASURES 6), and enough others to protect them.

It protects a single comparison, not what several of them reveal together: only the results in gold.measure_published
may be shared outside the hospital.

The published results are suppressed along the network of their strata (`measures.result.suppression`). A factor has no
such network: its groups add up to two known totals, here and elsewhere, and a row is shown or hidden in both. The
smallest other groups are then the complement; a search for cycles would find the same but need Spark, which `explore`
does without.
"""

import pandas as pd

from metriccare.definitions.small_cells import is_small

HIDDEN = "suppressed"


def hide_small(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison without the numbers of small groups; their rows come last.

    A group is small if stays, events, or stays without an event are 1 to 10, here or elsewhere. Within a factor the
    hidden groups together must not be a small cell either, nor be one group alone, since the totals are known.

    Args:
        rows: the result of `compare`.

    Returns:
        The same rows; hidden ones are null except for factor and group, and their `note` is `suppressed`.
    """
    counts = pd.concat([_counts(rows, ""), _counts(rows, "_elsewhere")], axis=1)
    hidden = [label for _, part in counts.groupby(rows["factor"]) for label in _hidden(part)]
    is_hidden = rows.index.isin(hidden)
    last = rows.loc[is_hidden, ["factor", "group"]].assign(note=HIDDEN).sort_values(["factor", "group"])
    return pd.concat([rows[~is_hidden], last], ignore_index=True)


def _counts(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    stays, events = rows[f"stays{where}"], rows[f"events{where}"]
    return pd.DataFrame({f"n{where}": stays, f"events{where}": events, f"rest{where}": stays - events})


def _hidden(counts: pd.DataFrame) -> list[int]:
    """Return the labels of the groups of one factor that are hidden: small ones, then the smallest others."""
    small = counts.map(is_small).any(axis=1)
    hidden = counts.index[small].tolist()
    others = counts[~small].sort_values("n").index.tolist()
    while hidden and others and not _is_safe(counts.loc[hidden]):
        hidden.append(others.pop(0))
    return hidden


def _is_safe(hidden: pd.DataFrame) -> bool:
    return len(hidden) > 1 and not any(map(is_small, hidden.sum()))
