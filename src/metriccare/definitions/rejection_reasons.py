"""Reasons for quarantine: code, what was found and what to do (docs/input.md)."""

from typing import NamedTuple


class Reason(NamedTuple):
    """One reason code.

    Attributes:
        sentence: what was found; a detail may be appended.
        remedy: what to do.
    """

    sentence: str
    remedy: str


_RESEND = "Correct it at the source and send it again with the same id, then dismiss this record."

REASONS = {
    "not_utf8": Reason(
        "The text is not UTF-8, so it can't be JSON; it is stored in base64.",
        "Export the file as UTF-8, or convert it (`iconv -t UTF-8`), and put it into the raw folder.",
    ),
    "not_json": Reason("The text is not a complete JSON value", _RESEND),
    "duplicate_key": Reason("An object has the same key twice, which makes it ambiguous", _RESEND),
    "too_deep": Reason("The JSON is nested more than 254 levels deep.", _RESEND),
    "not_a_resource": Reason(
        "The JSON value is not a FHIR resource: it is not an object, or has no `resourceType`.",
        "If the file is not FHIR, keep it out of the raw folder and dismiss the record. Write a list of resources as "
        "NDJSON, one resource per line, or as a Bundle.",
    ),
    "unknown_resource_type": Reason(
        "FHIR R4 has no resource type with this name",
        "Check `resourceType` for a misspelling or a type of another FHIR version, and send the resource again.",
    ),
    "no_id": Reason(
        "The resource has no usable `id`, so a correction could not be matched to it.",
        "Make the export write `id`, or `fullUrl` in a Bundle, and send the resource again.",
    ),
    "wrong_type": Reason(
        "A field does not have the JSON type that FHIR R4 defines",
        f"{_RESEND} If all resources of a file are refused, they may be of another FHIR version: export R4.",
    ),
    "modifier_extension": Reason(
        "An unknown modifier extension or implicit rule may change the meaning",
        "Find out what it means. If it does not affect the measures, add its URL to the value set "
        "`modifier_extension` and run `metriccare quarantine replay`; otherwise dismiss the record.",
    ),
    "bundle_unreadable": Reason("The Bundle can't be split into entries", _RESEND),
    "bad_entry": Reason("The entry of the Bundle, or a part of it, is not a JSON object.", _RESEND),
    "bad_deletion": Reason(
        "A deletion must name one resource as `<Type>/<id>`",
        "Send the deletion again with the id in `request.url`.",
    ),
    "conditional_delete": Reason(
        "A deletion names a search instead of `<Type>/<id>`",
        "Send deletions with the ids that the search finds.",
    ),
    "patch_not_supported": Reason(
        "A patch contains changes, not the resource itself.",
        "Send the complete resource in its current state.",
    ),
    "document_too_large": Reason(
        "A document or line is too large to be read at once",
        "Export it as NDJSON, one resource per line, and put that file into the raw folder.",
    ),
    "unreadable": Reason(
        "The rest of the file can't be read",
        "Copy the complete file again from its origin, then run again.",
    ),
}
REMEDIES = {code: reason.remedy for code, reason in REASONS.items()}
