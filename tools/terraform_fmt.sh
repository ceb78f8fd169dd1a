#!/bin/sh
# Formats the Terraform files that pre-commit hands it. Without Terraform they stay as they are: `make test` compares them.
set -eu
if ! command -v terraform >/dev/null; then
    echo "Terraform is not installed: $# files were not formatted."
    exit 0
fi
for file in "$@"; do
    terraform fmt "$file"
done
