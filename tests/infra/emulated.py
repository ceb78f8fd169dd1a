"""The stack on an emulated AWS: the same root module, with the emulator's address and nothing else changed."""

from pathlib import Path

from tests.infra.terraform import Terraform, copied

STATE_BUCKET = "metriccare-all-state-123456789012"

# The backend stays as it is written: this is only added at `terraform init`.
BACKEND = {
    "bucket": STATE_BUCKET,
    "use_path_style": "true",
    "skip_credentials_validation": "true",
    "skip_metadata_api_check": "true",
    "skip_region_validation": "true",
    "skip_requesting_account_id": "true",
    "skip_s3_checksum": "true",
}

# Beside a root module, Terraform merges this into its blocks.
OVERRIDE = """
provider "aws" {
  s3_use_path_style = true
  max_retries       = 2
}
"""


def variables(address: str, principal: str = "testing") -> dict[str, str]:
    """Return the environment variables that lead every AWS client to the emulator, which notes who calls."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": principal,
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def emulated(root: Path) -> Path:
    """Lead a root module's provider to the emulator; return the module's folder."""
    (root / "emulator_override.tf").write_text(OVERRIDE)
    return root


def backend() -> list[str]:
    """Return the options of `terraform init` that lead the backend to the emulator."""
    return [f"-backend-config={name}={value}" for name, value in BACKEND.items()]


def stack(folder: Path, address: str, environment: str, *built: Path, role: str = "apply") -> Terraform:
    """Initialise the stack in a folder, in the workspace of an environment. Bootstrap must be applied.

    Args:
        folder: for a copy of what Terraform reads.
        address: of the emulator.
        environment: `dev` or `prod`.
        built: the archive of wheels that the jobs install, and the function's; none for those in dist.
        role: `apply`, or `plan` to look at what is applied.
    """
    root = emulated(copied(folder) / "infra")
    archives = dict(zip(("TF_VAR_python_modules", "TF_VAR_lambda_archive"), map(str, built), strict=False))
    terraform = acting(root, address, environment, role, **archives)
    terraform("init", *backend())
    terraform("workspace", "select", environment)
    return terraform


def acting(root: Path, address: str, environment: str, role: str, **given: str) -> Terraform:
    """Return the stack in a folder as a role of an environment calls it, with what GitHub has set."""
    settings = {
        "TF_VAR_permissions_boundary": f"arn:aws:iam::123456789012:policy/metriccare_all_boundary_{environment}",
        "TF_VAR_alert_emails": '["quality@hospital.example"]',
    }
    return Terraform(root, variables(address, f"metriccare_all_{role}_{environment}") | settings | given)
