"""Calls that no test makes, since AWS or a person's tool makes them: from AWS's pages, by the role that they come from.

Each group names its page. What runs in the tests is recorded instead (calls.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.infra.policies.account import ACCOUNT, REGION
from tests.infra.policies.calls import Call, Params

Operations = list[tuple[str, Params]]
LAYERS = ("bronze", "silver", "gold")


@dataclass(frozen=True)
class Stack:
    """The names of an environment's resources, as infra/names.tf makes them."""

    environment: str = "dev"

    def name(self, of: str) -> str:
        return f"metriccare_{of}_{self.environment}"

    def bucket(self, of: str) -> str:
        return f"metriccare-{of}-{self.environment}-{ACCOUNT}"


def of_readers(stack: Stack) -> list[Call]:
    """Return what Athena and its drivers do in a reader's name, from choosing a table to its rows.

    "Control access through JDBC and ODBC connections" asks for AWSQuicksightAthenaAccess: these are its actions that
    read. "Athena ODBC 1.x driver": GetQueryResultsStream. "Configure access to databases and tables in the AWS Glue
    Data Catalog": the database default, and every ancestor of a table. "Access to Amazon S3 from Athena": the results.
    """
    gold, table = stack.name("gold"), {"DatabaseName": stack.name("gold"), "Name": "measure_published"}
    catalog, workgroup = {"CatalogName": "AwsDataCatalog"}, {"WorkGroup": stack.name("gold_readers")}
    athena: Operations = [
        *[("ListDataCatalogs", {}), ("ListWorkGroups", {}), ("ListEngineVersions", {})],
        *[
            ("GetDataCatalog", {"Name": "AwsDataCatalog"}),
            ("ListDatabases", catalog),
            ("GetDatabase", catalog),
        ],
        *[("ListTableMetadata", catalog), ("GetTableMetadata", catalog)],
        *[(name, workgroup) for name in ("GetWorkGroup", "StartQueryExecution", "StopQueryExecution")],
        *[
            (name, workgroup)
            for name in ("GetQueryExecution", "BatchGetQueryExecution", "ListQueryExecutions")
        ],
        *[(name, workgroup) for name in ("GetQueryResults", "GetQueryResultsStream")],
    ]
    glue = [
        *[("GetDatabase", {"Name": "default"}), ("GetDatabase", {"Name": gold}), ("GetDatabases", {})],
        *[("GetTables", {"DatabaseName": gold}), ("GetTable", table)],
        *[(name, {"DatabaseName": gold, "TableName": "measure_published"}) for name in PARTITIONS_READ],
    ]
    lake, results = stack.bucket("all-lake"), stack.bucket("gold-query-results")
    data = {"Bucket": lake, "Key": "gold/measure_published/part.parquet"}
    result = {"Bucket": results, "Key": "readers/1.csv"}
    s3 = [
        *[("GetBucketLocation", {"Bucket": lake}), ("GetBucketLocation", {"Bucket": results})],
        *[("ListObjectsV2", {"Bucket": lake, "prefix": "gold/measure_published/"}), ("GetObject", data)],
        *[(name, result) for name in ("GetObject", "PutObject", "AbortMultipartUpload", "ListParts")],
        *[("CreateMultipartUpload", result), ("ListObjectsV2", {"Bucket": results, "prefix": "readers/"})],
    ]
    return list(_calls(stack.name("gold_readers"), {"athena": athena, "glue": glue, "s3": s3}))


def denied_to_readers(stack: Stack) -> list[Call]:
    """Return what a reader must not be able to do: other tables, other files, other people's results."""
    lake, gold = stack.bucket("all-lake"), stack.name("gold")
    s3 = [
        ("GetObject", {"Bucket": lake, "Key": "gold/measure_result/part.parquet"}),
        ("GetObject", {"Bucket": lake, "Key": "bronze/patient/part.parquet"}),
        ("GetObject", {"Bucket": stack.bucket("raw-fhir"), "Key": "fhir_data/json/Patient.ndjson"}),
        ("GetObject", {"Bucket": stack.bucket("gold-query-results"), "Key": "engineers/1.csv"}),
        ("ListObjectsV2", {"Bucket": lake, "prefix": "gold/"}),
    ]
    glue = [("GetTable", {"DatabaseName": gold, "Name": "measure_result"})]
    athena = [("StartQueryExecution", {"WorkGroup": stack.name("gold_engineers")})]
    dynamodb = [("GetItem", {"TableName": stack.name("all_ledger")})]
    found = {"athena": athena, "glue": glue, "s3": s3, "dynamodb": dynamodb}
    return list(_calls(stack.name("gold_readers"), found))


def of_glue(stack: Stack) -> list[Call]:
    """Return what Glue does with a job's role beside the job's own code, which the tests run without Glue.

    "Create an IAM role for AWS Glue", "Encrypting logs with a security configuration" (AssociateKmsKey), "Using the
    Glue Data Catalog as the metastore for Spark SQL": Spark's catalog looks for `default` and `global_temp`, Hudi's
    sync writes tables and partitions.
    """
    return [call for layer in LAYERS for call in _of_job(stack, layer)]


def _of_job(stack: Stack, layer: str) -> Iterator[Call]:
    role, database, table = stack.name(f"{layer}_job"), {"DatabaseName": stack.name(layer)}, {"Name": "t"}
    group = f"/aws-glue/jobs/{stack.name('all_security')}-role/{role}/output"
    stream = {"logGroupName": group, "logStreamName": "jr_1"}
    yield from _calls(
        role,
        {
            "logs": [
                *[("CreateLogGroup", {"logGroupName": group}), ("AssociateKmsKey", {"logGroupName": group})],
                *[("CreateLogStream", stream), ("PutLogEvents", stream)],
            ],
            "s3": [("GetObject", {"Bucket": stack.bucket("all-scripts"), "Key": "code/1/run_notebook.py"})],
            "glue": [
                *[("GetDatabase", {"Name": name}) for name in ("default", "global_temp", stack.name(layer))],
                *[("GetTables", database), ("GetTable", database | table)],
                *[(name, database | {"TableInput": table}) for name in ("CreateTable", "UpdateTable")],
                *[(name, database | {"TableName": "t"}) for name in PARTITIONS],
            ],
        },
    )


def of_lambda(stack: Stack) -> list[Call]:
    """Return what Lambda does with the function's role: poll the queue, and write the log.

    "Using Lambda with Amazon SQS", "Lambda execution role"; the log group is Terraform's.
    """
    queue = {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{stack.name('raw_uploads')}"}
    stream = {"logGroupName": f"/aws/lambda/{stack.name('raw_intake')}", "logStreamName": "1"}
    sqs = [(name, queue) for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")]
    logs = [(name, stream) for name in ("CreateLogStream", "PutLogEvents")]
    return list(_calls(stack.name("raw_intake"), {"sqs": sqs, "logs": logs}))


def of_terraform(stack: Stack) -> dict[str, list[Call]]:
    """Return what the provider does with a Slack channel, which the emulator lacks, and when something changes.

    From the provider's sources: internal/service/chatbot/slack_channel_configuration.go, tags_gen.go, and the Update
    functions of the resources that the stack has.
    """
    role = f"arn:aws:iam::{ACCOUNT}:role/{stack.name('all_slack')}"
    channel = f"arn:aws:chatbot::{ACCOUNT}:chat-configuration/slack-channel/{stack.name('all_slack')}"
    tags = {"Tags": [{"TagKey": "Project", "TagValue": "metriccare"}]}
    reading: Operations = [
        ("DescribeSlackChannelConfigurations", {}),
        ("ListTagsForResource", {"ResourceARN": channel}),
    ]
    writing: Operations = [
        ("Create" + SLACK, {"ConfigurationName": stack.name("all_slack"), "IamRoleArn": role} | tags),
        *[(name, {"ChatConfigurationArn": channel}) for name in ("Update" + SLACK, "Delete" + SLACK)],
    ]
    function, job = {"FunctionName": stack.name("raw_intake")}, stack.name("gold_job")
    changes: dict[str, Operations] = {
        "lambda": [("UpdateFunctionCode", function), ("UpdateFunctionConfiguration", function)],
        "glue": [
            ("UpdateJob", {"JobName": job, "JobUpdate": {"Role": f"arn:aws:iam::{ACCOUNT}:role/{job}"}}),
            *[
                (name, {"Name": stack.name("bronze_start")})
                for name in ("UpdateTrigger", "StartTrigger", "StopTrigger")
            ],
            ("UpdateWorkflow", {"Name": stack.name("all_workflow")}),
            ("UpdateDatabase", {"Name": stack.name("gold")}),
        ],
        "athena": [("UpdateWorkGroup", {"WorkGroup": stack.name("gold_readers")})],
        "dynamodb": [("UpdateTable", {"TableName": stack.name("all_ledger")})],
        "iam": [
            *[
                (name, {"RoleName": job})
                for name in ("UpdateRole", "UpdateAssumeRolePolicy", "PutRolePolicy")
            ],
            *[(name, _policy(stack)) for name in ("CreatePolicyVersion", "DeletePolicyVersion")],
        ],
        "logs": [(name, {"logGroupName": f"/aws/lambda/{stack.name('raw_intake')}"}) for name in RETENTION],
        "sns": [("SetSubscriptionAttributes", {"SubscriptionArn": "pending"})],
        "chatbot": writing,
    }
    apply, plan = stack.name("all_apply"), stack.name("all_plan")
    return {
        apply: [*_calls(apply, changes), *_calls(apply, {"chatbot": reading})],
        plan: list(_calls(plan, {"chatbot": reading})),
    }


SLACK = "SlackChannelConfiguration"
RETENTION = ("PutRetentionPolicy", "DeleteRetentionPolicy")
PARTITIONS_READ = ("GetPartition", "GetPartitions", "BatchGetPartition")
PARTITIONS = (
    *PARTITIONS_READ,
    *(
        "BatchCreatePartition",
        "UpdatePartition",
        "BatchUpdatePartition",
        "DeletePartition",
        "BatchDeletePartition",
    ),
)


def _policy(stack: Stack) -> Params:
    return {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/{stack.name('gold_readers')}"}


def _calls(principal: str, by_service: dict[str, Operations]) -> Iterator[Call]:
    for service, operations in by_service.items():
        yield from (Call(principal, service, name, params) for name, params in operations)
