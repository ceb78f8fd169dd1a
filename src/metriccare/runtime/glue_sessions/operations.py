"""The operations of the Glue API that the endpoint has, by name: from a checked request to the answer."""

import re
from collections.abc import Callable
from typing import Any

from metriccare.runtime.glue_sessions.refusal import INVALID, NOT_FOUND, UNKNOWN_OPERATION, RefusedError
from metriccare.runtime.glue_sessions.session import Session
from metriccare.runtime.glue_sessions.sessions import Sessions
from metriccare.runtime.glue_sessions.shapes import checked

# The kernel asks once a second: an answer that waits a little spares it that second where a cell is quick.
PATIENCE_SECONDS = 0.8
PAGE = 100
_ARN = re.compile(r"arn:[\w-]+:glue:[\w-]+:\d+:session/(.+)")

Request = dict[str, Any]
Answer = dict[str, Any]


def answer(sessions: Sessions, operation: str, given: Request) -> Answer:
    """Return the answer of one operation.

    Raises:
        RefusedError: the operation is not among these, the request is wrong, or it can't be granted.
    """
    request = checked(operation, given)
    if operation not in OPERATIONS:
        raise RefusedError(
            UNKNOWN_OPERATION, f"This endpoint has no {operation}: it serves interactive sessions only."
        )
    return OPERATIONS[operation](sessions, request)


def _create_session(sessions: Sessions, request: Request) -> Answer:
    return {"Session": sessions.create(request).view()}


def _get_session(sessions: Sessions, request: Request) -> Answer:
    return {"Session": sessions.find(request["Id"]).view(PATIENCE_SECONDS)}


def _list_sessions(sessions: Sessions, request: Request) -> Answer:
    wanted = request.get("Tags", {}).items()
    found = [one for one in sessions.all() if wanted <= one.tags.items()]
    page, following = _page(found, request)
    return {"Ids": [one.id for one in page], "Sessions": [one.view() for one in page], **following}


def _stop_session(sessions: Sessions, request: Request) -> Answer:
    sessions.find(request["Id"], missing=INVALID).stop()
    return {"Id": request["Id"]}


def _delete_session(sessions: Sessions, request: Request) -> Answer:
    sessions.delete(request["Id"])
    return {"Id": request["Id"]}


def _run_statement(sessions: Sessions, request: Request) -> Answer:
    return {"Id": sessions.find(request["SessionId"]).run(request["Code"])}


def _get_statement(sessions: Sessions, request: Request) -> Answer:
    session = sessions.find(request["SessionId"])
    return {"Statement": session.statement(request["Id"], PATIENCE_SECONDS)}


def _list_statements(sessions: Sessions, request: Request) -> Answer:
    page, following = _page(sessions.find(request["SessionId"]).statements(), request)
    return {"Statements": page, **following}


def _cancel_statement(sessions: Sessions, request: Request) -> Answer:
    sessions.find(request["SessionId"]).cancel(request["Id"])
    return {}


def _get_tags(sessions: Sessions, request: Request) -> Answer:
    return {"Tags": _tagged(sessions, request).tags}


def _tag_resource(sessions: Sessions, request: Request) -> Answer:
    _tagged(sessions, request).tags.update(request["TagsToAdd"])
    return {}


def _untag_resource(sessions: Sessions, request: Request) -> Answer:
    tags = _tagged(sessions, request).tags
    for name in request["TagsToRemove"]:
        tags.pop(name, None)
    return {}


def _tagged(sessions: Sessions, request: Request) -> Session:
    found = _ARN.fullmatch(request["ResourceArn"])
    if not found:
        raise RefusedError(NOT_FOUND, f"{request['ResourceArn']} is no session of this endpoint")
    return sessions.find(found[1])


def _page(whole: list[Any], request: Request) -> tuple[list[Any], dict[str, str]]:
    """Return one page, and the token of the next one, which is where that begins."""
    token, size = request.get("NextToken", "0"), request.get("MaxResults", PAGE)
    if not token.isdecimal():
        raise RefusedError(INVALID, f"NextToken {token} is not one that this endpoint gave")
    end = int(token) + size
    return whole[int(token) : end], {"NextToken": str(end)} if end < len(whole) else {}


OPERATIONS: dict[str, Callable[[Sessions, Request], Answer]] = {
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
