#!/bin/sh
# Waits until no run of the workflow is going: its jobs must not change between two of its stages. At most 20 minutes.
set -eu
name=$(terraform output -raw workflow_name 2>/dev/null) || exit 0 # nothing is deployed yet
for _ in $(seq 60); do
    running=$(aws glue get-workflow-runs --name "$name" --max-results 5 --query "Runs[?Status=='RUNNING'] | length(@)" --output text) || {
        echo "The runs of the workflow $name can't be listed: that needs glue:GetWorkflowRuns (infra/bootstrap/actions.tf)." >&2
        exit 1
    }
    [ "$running" != 0 ] || exit 0
    sleep 20
done
echo "The workflow $name has been running for 20 minutes: deploy again when it has ended." >&2
exit 1
