"""The stack on an emulated AWS: the same root module, with the emulator's address and nothing else changed."""

from pathlib import Path

from tests.infra.terraform import Terraform, copied

STATE_BUCKET = "metriccare-all-state-123456789012"

# Beside the root module, Terraform merges this into its blocks.
OVERRIDE = f"""
terraform {{
  backend "s3" {{
    bucket                      = "{STATE_BUCKET}"
    key                         = "metriccare/terraform.tfstate"
    use_lockfile                = true
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }}
}}

provider "aws" {{
  s3_use_path_style = true
  max_retries       = 2
}}
"""


def variables(address: str) -> dict[str, str]:
    """Return the environment variables that lead every AWS client to the emulator."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def stack(folder: Path, address: str, environment: str, modules: Path, function: Path) -> Terraform:
    """Initialise the stack in a folder, in the workspace of an environment. The bucket for its state must be there."""
    root = copied(folder) / "infra"
    (root / "emulator_override.tf").write_text(OVERRIDE)
    built = {"TF_VAR_python_modules": str(modules), "TF_VAR_lambda_archive": str(function)}
    terraform = Terraform(root, variables(address) | built)
    terraform("init")
    terraform("workspace", "new", environment)
    return terraform
