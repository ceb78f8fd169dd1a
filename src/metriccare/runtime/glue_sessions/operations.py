"""The operations of the Glue API that the endpoint supports, by name."""

import re
from collections.abc import Callable
from typing import Any

from metriccare.runtime.glue_sessions.api_error import INVALID, NOT_FOUND, UNKNOWN_OPERATION, GlueApiError
from metriccare.runtime.glue_sessions.session import Session
from metriccare.runtime.glue_sessions.sessions import Sessions
from metriccare.runtime.glue_sessions.validation import validate_request

# The kernel polls once a second; waiting a little before responding saves that second for a quick cell.
LONG_POLL_SECONDS = 0.8
PAGE = 100
_ARN = re.compile(r"arn:[\w-]+:glue:[\w-]+:\d+:session/(.+)")

Request = dict[str, Any]
Response = dict[str, Any]


def dispatch(sessions: Sessions, operation: str, given: Request) -> Response:
    """Execute one operation and return its response.

    Raises:
        GlueApiError: the operation is not supported, or the request is invalid or can't be fulfilled.
    """
    request = validate_request(operation, given)
    if operation not in OPERATIONS:
        raise GlueApiError(
            UNKNOWN_OPERATION,
            f"This endpoint does not support {operation}; it serves interactive sessions only.",
        )
    return OPERATIONS[operation](sessions, request)


def _create_session(sessions: Sessions, request: Request) -> Response:
    return {"Session": sessions.create(request).view()}


def _get_session(sessions: Sessions, request: Request) -> Response:
    return {"Session": sessions.find(request["Id"]).view(LONG_POLL_SECONDS)}


def _list_sessions(sessions: Sessions, request: Request) -> Response:
    wanted = request.get("Tags", {}).items()
    matching = [one for one in sessions.all() if wanted <= one.tags.items()]
    page, next_token = _page(matching, request)
    return {"Ids": [one.id for one in page], "Sessions": [one.view() for one in page], **next_token}


def _stop_session(sessions: Sessions, request: Request) -> Response:
    sessions.find(request["Id"], missing=INVALID).stop()
    return {"Id": request["Id"]}


def _delete_session(sessions: Sessions, request: Request) -> Response:
    sessions.delete(request["Id"])
    return {"Id": request["Id"]}


def _run_statement(sessions: Sessions, request: Request) -> Response:
    return {"Id": sessions.find(request["SessionId"]).run(request["Code"])}


def _get_statement(sessions: Sessions, request: Request) -> Response:
    session = sessions.find(request["SessionId"])
    return {"Statement": session.statement(request["Id"], LONG_POLL_SECONDS)}


def _list_statements(sessions: Sessions, request: Request) -> Response:
    page, next_token = _page(sessions.find(request["SessionId"]).statements(), request)
    return {"Statements": page, **next_token}


def _cancel_statement(sessions: Sessions, request: Request) -> Response:
    sessions.find(request["SessionId"]).cancel(request["Id"])
    return {}


def _get_tags(sessions: Sessions, request: Request) -> Response:
    return {"Tags": _find_by_arn(sessions, request).tags}


def _tag_resource(sessions: Sessions, request: Request) -> Response:
    _find_by_arn(sessions, request).tags.update(request["TagsToAdd"])
    return {}


def _untag_resource(sessions: Sessions, request: Request) -> Response:
    tags = _find_by_arn(sessions, request).tags
    for name in request["TagsToRemove"]:
        tags.pop(name, None)
    return {}


def _find_by_arn(sessions: Sessions, request: Request) -> Session:
    match = _ARN.fullmatch(request["ResourceArn"])
    if not match:
        raise GlueApiError(NOT_FOUND, f"{request['ResourceArn']} is not a session of this endpoint")
    return sessions.find(match[1])


def _page(items: list[Any], request: Request) -> tuple[list[Any], dict[str, str]]:
    """Return one page and the token of the next page, which is the position of its first item."""
    token, size = request.get("NextToken", "0"), request.get("MaxResults", PAGE)
    if not token.isdecimal():
        raise GlueApiError(INVALID, f"NextToken {token} was not issued by this endpoint")
    end = int(token) + size
    return items[int(token) : end], {"NextToken": str(end)} if end < len(items) else {}


OPERATIONS: dict[str, Callable[[Sessions, Request], Response]] = {
    "CreateSession": _create_session,
    "GetSession": _get_session,
    "ListSessions": _list_sessions,
    "StopSession": _stop_session,
    "DeleteSession": _delete_session,
    "RunStatement": _run_statement,
    "GetStatement": _get_statement,
    "ListStatements": _list_statements,
    "CancelStatement": _cancel_statement,
    "GetTags": _get_tags,
    "TagResource": _tag_resource,
    "UntagResource": _untag_resource,
}
