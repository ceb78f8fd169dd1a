"""`metriccare generate`: synthetic patients."""

from pathlib import Path

import click

from metriccare.runtime.extras import require
from metriccare.settings import generator_folder


@click.command(epilog="Example: metriccare generate --patients 1000 --seed 7 --out fhir_data")
@click.option(
    "--patients", type=click.IntRange(min=1), default=1000, show_default=True, help="Number of patients."
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="Random seed; the same seed gives the same files."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Output folder.  [default: fhir_data]"
)
@click.option(
    "--batches",
    type=click.IntRange(0, 99),
    default=0,
    help="Later deliveries with late, corrected, repeated, deleted and corrupt records.  [default: none]",
)
@click.option(
    "--batch-share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.01,
    show_default=True,
    help="Approximate share of the patients in each later delivery.",
)
@click.option("--overwrite", is_flag=True, help="Replace existing synthetic data.")
@click.option(
    "--validate", "is_validated", is_flag=True, help="Validate all resources as FHIR R4, not only a sample."
)
def generate(
    *,
    patients: int,
    seed: int,
    out: Path | None,
    batches: int,
    batch_share: float,
    overwrite: bool,
    is_validated: bool,
) -> None:
    """Generate synthetic FHIR files.

    The file truth.json contains the results that the pipeline must reproduce. With --batches, each delivery has its own
    folder (json/delivery=00, ...); the truth is the same.
    """
    require("generate")
    from metriccare.generate import generate as write
    from metriccare.generate import validate
    from metriccare.reporting.terminal_tables import progress_bar, summarize, summarize_validation

    target = out or generator_folder()
    with progress_bar("patients") as progress:
        summary = write(
            patients,
            seed,
            target,
            batches=batches,
            batch_share=batch_share,
            overwrite=overwrite,
            progress=progress,
        )
    click.echo(summarize(summary))
    if is_validated:
        with progress_bar("validation") as progress:
            click.echo(summarize_validation(validate(target, progress)))
