"""Bootstrap on an emulated AWS: the state's bucket and key, the roles that GitHub assumes, and the boundary."""

import json
from pathlib import Path

from tests.infra.emulated import PROVIDER, variables
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


def bootstrap(folder: Path, address: str) -> dict[str, dict[str, str]]:
    """Apply bootstrap in a folder; return the boundaries' ARNs by environment, as its output gives them."""
    root = copied(folder) / "infra" / "bootstrap"
    (root / "emulator_override.tf").write_text(PROVIDER)
    terraform = Terraform(root, variables(address) | {"TF_VAR_repository": "metriccare/metriccare"})
    terraform("init")
    terraform("apply", "-auto-approve", *(f"-target={target}" for target in TARGETS))
    outputs = json.loads(terraform("output", "-json"))
    return {name: one["value"] for name, one in outputs.items()}
