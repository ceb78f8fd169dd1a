"""AWS profiles of every kind in files of a test's own, and a portal of IAM Identity Center (SSO) for one of them."""

import hashlib
import json
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.served import Quiet, served

START_URL = "https://hospital.awsapps.example/start"
KINDS = ("keys", "process", "role", "sso")
_CONFIG = """
[profile keys]
region = us-east-1
[profile process]
region = us-east-1
credential_process = {process}
[profile broken]
region = us-east-1
credential_process = {broken}
[profile role]
region = us-east-1
role_arn = arn:aws:iam::123456789012:role/engineer
source_profile = keys
[sso-session hospital]
sso_start_url = {start}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
[profile sso]
region = us-east-1
sso_session = hospital
sso_account_id = 123456789012
sso_role_name = Engineer
[profile nowhere]
"""


@dataclass
class Portal:
    """The portal, which gives a role's keys to whoever has a token.

    Attributes:
        address: its URL.
        seconds: how long the keys are good for.
        is_open: whether it still takes the token.
        given: the access keys so far.
    """

    address: str = ""
    seconds: float = 3600
    is_open: bool = True
    given: list[str] = field(default_factory=list)


@contextmanager
def portal() -> Iterator[Portal]:
    """Serve GetRoleCredentials until the end."""
    opened = Portal()

    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802
            body: dict[str, object] = {"message": "Session token not found or invalid"}
            if opened.is_open:
                opened.given.append(f"ASIASSO{len(opened.given):04}")
                expires = int((time.time() + opened.seconds) * 1000)
                keys = {"accessKeyId": opened.given[-1], "secretAccessKey": "s", "sessionToken": "t"}
                body = {"roleCredentials": {**keys, "expiration": expires}}
            content = json.dumps(body).encode()
            self.send_response(200 if opened.is_open else 401)
            if not opened.is_open:
                self.send_header("x-amzn-ErrorType", "UnauthorizedException")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with served(Handler) as opened.address:
        yield opened


def write_profiles(home: Path) -> dict[str, str]:
    """Write the profiles into a home folder; return the variables with which AWS's tools find these only."""
    folder = home / ".aws"
    folder.mkdir(parents=True)
    expires = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    printed = {
        "Version": 1,
        "AccessKeyId": "ASIAPROCESS",
        "SecretAccessKey": "s",
        "SessionToken": "t",
        "Expiration": expires,
    }
    script = folder / "a process.py"
    script.write_text(f"print({json.dumps(printed)!r})", encoding="utf-8")
    quoted = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"
    config = _CONFIG.format(
        process=quoted, broken="sh -c 'echo log in to the hospital first >&2; exit 1'", start=START_URL
    )
    (folder / "config").write_text(config, encoding="utf-8")
    (folder / "credentials").write_text("[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = s\n")
    return {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}


def log_in(home: Path, hours: float = 8) -> None:
    """Do what `aws sso login` does: keep a token."""
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    until = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    token = {"startUrl": START_URL, "region": "us-east-1", "accessToken": "token", "expiresAt": until}
    name = hashlib.sha1(b"hospital", usedforsecurity=False).hexdigest()
    (cache / f"{name}.json").write_text(json.dumps(token), encoding="utf-8")
