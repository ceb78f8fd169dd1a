"""Bootstrap on an emulated AWS: the state's bucket and key, the roles that GitHub assumes, and the boundary."""

from pathlib import Path

from tests.infra.emulated import emulated, variables
from tests.infra.terraform import Terraform, copied

# All but what the provider waits a minute for and no permission depends on: the buckets' lifecycle rules.
TARGETS = (
    *("aws_iam_role_policy.plan_state", "aws_iam_role_policy.apply_state", "aws_iam_policy.boundary"),
    *("aws_iam_role_policy_attachment.plan", "aws_iam_role_policy_attachment.apply"),
    *("aws_glue_catalog_database.default", "module.key.aws_kms_alias.this"),
    "module.state.aws_s3_bucket_server_side_encryption_configuration.this",
    "module.state.aws_s3_bucket_versioning.this",
    "module.state.aws_s3_bucket_policy.this",
)


def bootstrap(folder: Path, address: str) -> None:
    """Apply bootstrap in a folder, as an administrator does once per account."""
    root = emulated(copied(folder) / "infra" / "bootstrap")
    terraform = Terraform(root, variables(address) | {"TF_VAR_repository": "metriccare/metriccare"})
    terraform("init")
    terraform("apply", "-auto-approve", *(f"-target={target}" for target in TARGETS))
