"""Why a piece of input goes to quarantine: the reason codes, what they say, and what to do (docs/input.md)."""

from typing import NamedTuple


class Reason(NamedTuple):
    """One reason code.

    Attributes:
        sentence: what was found; a detail may follow it.
        remedy: what to do.
    """

    sentence: str
    remedy: str


_RESEND = "Mend it at its source and send it again under the same id; this piece can then be dismissed."

REASONS = {
    "not_utf8": Reason(
        "The text is not UTF-8, so it can't be JSON; it is kept in base64.",
        "Export the file as UTF-8, or convert it (`iconv -t UTF-8`), and put it into the raw folder.",
    ),
    "not_json": Reason("The text is no complete JSON value", _RESEND),
    "duplicate_key": Reason("An object has the same key twice, so that it can be read in two ways", _RESEND),
    "too_deep": Reason("The JSON is nested more than 254 levels deep.", _RESEND),
    "not_a_resource": Reason(
        "The JSON value is no FHIR resource: it is no object, or has no `resourceType`.",
        "If it is no FHIR, keep such files out of the raw folder and dismiss it; a list of resources must be "
        "written as NDJSON, one resource a line, or as a Bundle.",
    ),
    "unknown_resource_type": Reason(
        "FHIR R4 knows no resource type of this name",
        "Look for a misspelt `resourceType`, or one of another FHIR version, and send it again.",
    ),
    "no_id": Reason(
        "The resource has no usable `id`, so that a correction could never find it.",
        "Have the export write `id`, or in a Bundle a `fullUrl`, and send it again.",
    ),
    "wrong_type": Reason("A field is of another JSON type than FHIR R4 gives it", _RESEND),
    "modifier_extension": Reason(
        "A modifier extension or implicit rule that may change the meaning, and is not known",
        "Find out what it means. If it changes nothing for the measures, add its URL to the value set "
        "`modifier_extension` and replay it with `metriccare quarantine replay`; else dismiss it.",
    ),
    "bundle_unreadable": Reason("The Bundle can't be read as one", _RESEND),
    "bad_entry": Reason("The entry of the Bundle is no JSON object, or its parts are none.", _RESEND),
    "bad_deletion": Reason(
        "A deletion must name one resource as `<Type>/<id>`",
        "Send the deletion again with the id, in a Bundle's `request.url`.",
    ),
    "conditional_delete": Reason(
        "A deletion that names no `<Type>/<id>`, but a search", "Send the ids that the search finds."
    ),
    "patch_not_supported": Reason(
        "A patch tells what changed, not how the resource is now.", "Send the whole resource as it is now."
    ),
    "document_too_large": Reason(
        "A document or line too large to be read at once",
        "Export it as NDJSON, one resource a line, and put that file into the raw folder.",
    ),
    "unreadable": Reason(
        "The rest of the file can't be read", "Copy the file again from where it came, whole, and run again."
    ),
}
REMEDIES = {code: reason.remedy for code, reason in REASONS.items()}


class RefusedError(Exception):
    """Raised inside bronze for a piece that goes to quarantine; never leaves it."""

    def __init__(self, code: str, detail: str = "") -> None:
        sentence = REASONS[code].sentence
        super().__init__(f"{sentence.removesuffix('.')}: {detail}" if detail else sentence)
        self.code = code
