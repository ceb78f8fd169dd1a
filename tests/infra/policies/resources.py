"""The ARNs of the resources that a call names, for each type of resource that its action knows."""

import re
from collections.abc import Callable, Iterable, Iterator

from tests.infra.policies import authorization
from tests.infra.policies.account import ACCOUNT, REGION
from tests.infra.policies.calls import Call, Params

PLACE = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}
NAMED_BY_ARN = ("ResourceArn", "ResourceARN", "resourceArn", "Resource", "TopicArn", "PolicyArn", "ARN")
Names = Callable[[Call], Iterable[str]]


def resources(call: Call, kind: str, form: str) -> list[str]:
    """Return the ARNs of one type that a call names; none if it names none of this type."""
    given = (call.params[name] for name in NAMED_BY_ARN if name in call.params)
    arns = [one for one in given if str(one).startswith("arn:") and authorization.overlap(one, form)]
    if arns:
        return [one.removesuffix(":*") for one in arns]
    names = NAMES.get((call.service, kind))
    return [] if names is None else [_arn(call.service, kind, name) for name in names(call)]


def created(service: str, kind: str, name: str) -> str:
    """Return the ARN of a resource by its name."""
    return _arn(service, kind, name)


def _arn(service: str, kind: str, name: str) -> str:
    """Put a name into the place of what is left of the form; names with a slash are parts of it."""
    if name.startswith("arn:"):
        return name.removesuffix(":*")
    form = authorization.arn(service, kind, PLACE | dict.fromkeys(_own(service, kind), "\0"))
    head, _, _ = form.partition("\0")
    return head + name


def _own(service: str, kind: str) -> list[str]:
    form = authorization.form(service, kind)
    return [name for name in authorization.PLACEHOLDER.findall(form) if name not in PLACE]


def first(*params: str) -> Names:
    """Return a function that finds a name under the first of these parameters; a dot leads into a structure."""

    def names(call: Call) -> Iterator[str]:
        for param in params:
            if value := _value(call.params, param):
                yield value
                return

    return names


def _value(params: Params, path: str) -> str:
    value: object = params
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return str(value)


def always(*names: str) -> Names:
    """Return a function that gives the same names for every call."""
    return lambda _: names


def _object(call: Call) -> Iterator[str]:
    if "Objects" in call.params:
        yield from (f"{call.params['Bucket']}/{key}" for key, _ in call.params["Objects"])
    elif "Key" in call.params:
        yield f"{call.params['Bucket']}/{call.params['Key']}"


def _tables(call: Call) -> Iterator[str]:
    yield from call.params.get("RequestItems", ())
    for item in call.params.get("TransactItems", ()):
        yield from (one["TableName"] for one in item.values())
    if "TableName" in call.params:
        yield call.params["TableName"]


def _index(call: Call) -> Iterator[str]:
    if "IndexName" in call.params:
        yield f"{call.params['TableName']}/index/{call.params['IndexName']}"


def _queue(call: Call) -> Iterator[str]:
    source = call.params.get("SourceArn") or call.params.get("QueueUrl") or call.params.get("QueueName", "")
    yield source.rpartition("/")[2] or source


def _alarms(call: Call) -> list[str]:
    """Yield the alarms of a call; a call that names none looks at all of them."""
    named = [value for name, value in call.params.items() if re.match(r"AlarmNames?(\.member\.\d+)?$", name)]
    return [name for value in named for name in (value if isinstance(value, list) else [value])] or ["*"]


def _dashboards(call: Call) -> list[str]:
    return [
        value for name, value in call.params.items() if re.match(r"DashboardNames?(\.member\.\d+)?$", name)
    ]


def _data_catalog(call: Call) -> Iterator[str]:
    names = first("Name") if call.operation == "GetDataCatalog" else first("CatalogName")
    yield from names(call)


def _database(call: Call) -> Iterator[str]:
    if call.operation == "GetDatabases":
        yield "*"
    yield from first("DatabaseName", "DatabaseInput.Name", "Name")(call)


def _table(call: Call) -> Iterator[str]:
    """Yield a table of Glue; operations on a database as a whole need the right for all tables in it."""
    database = next(iter(_database(call)))
    table = _value(call.params, "TableName") or _value(call.params, "TableInput.Name")
    if call.operation.endswith("Table"):
        table = table or _value(call.params, "Name")
    yield f"{database}/{table or '*'}"


def _key(call: Call) -> Iterator[str]:
    yield (
        _value(call.params, "TargetKeyId") or _value(call.params, "KeyId") or _value(call.params, "AliasName")
    )


def _function(call: Call) -> Iterator[str]:
    yield from first("FunctionName")(call)


def _channel(call: Call) -> Iterator[str]:
    if "ConfigurationName" in call.params:
        yield f"slack-channel/{call.params['ConfigurationName']}"
    yield from first("ChatConfigurationArn")(call)


def _log_stream(call: Call) -> Iterator[str]:
    yield f"{_value(call.params, 'logGroupName')}:log-stream:{_value(call.params, 'logStreamName')}"


NAMES: dict[tuple[str, str], Names] = {
    ("s3", "bucket"): first("Bucket"),
    ("s3", "object"): _object,
    ("dynamodb", "table"): _tables,
    ("dynamodb", "index"): _index,
    ("sqs", "queue"): _queue,
    ("sns", "topic"): first("Name"),
    ("events", "rule-on-default-event-bus"): first("Rule", "Name"),
    ("athena", "workgroup"): first("WorkGroup", "Name"),
    ("athena", "datacatalog"): _data_catalog,
    ("cloudwatch", "alarm"): _alarms,
    ("cloudwatch", "dashboard"): _dashboards,
    ("logs", "log-group"): first("logGroupName"),
    ("logs", "log-stream"): _log_stream,
    ("glue", "rootcatalog"): always("arn:aws:glue:us-east-1:123456789012:catalog"),
    ("glue", "database"): _database,
    ("glue", "table"): _table,
    ("glue", "userdefinedfunction"): _table,
    ("glue", "job"): first("JobName", "Name"),
    ("glue", "trigger"): first("Name"),
    ("glue", "workflow"): first("Name"),
    ("kms", "key"): _key,
    ("kms", "alias"): lambda call: [call.params["AliasName"].removeprefix("alias/")],
    ("lambda", "function"): _function,
    ("lambda", "eventSourceMapping"): first("UUID"),
    ("iam", "role"): first("RoleName"),
    ("iam", "policy"): first("PolicyName"),
    ("chatbot", "ChatbotConfiguration"): _channel,
}
