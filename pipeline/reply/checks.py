"""What a mail says against being answered: the table, one named check a row, each with its source.

No check stops at the first reason: all are asked, so that `explain --mail` can show them all. What depends on time and
on earlier answers stands in :mod:`pipeline.reply.standing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pipeline.model import MARKER, Trust
from pipeline.parse.headers import addresses
from pipeline.reply.question import Objection
from pipeline.reply.robots import robots
from pipeline.trust import vouched
from pipeline.trust.authres import without_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.model import Message, Notice, Place
    from pipeline.sources import Whom


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it arrived.

    Attributes:
        owner: the owner's addresses.
        place: where it lies; ``None`` while only its head is known.
        proof: how the owner's server vouches for the sender's domain; empty where it does not.
        suspicion: why the sender is not who it claims to be; empty where nothing says so.
        first_run: the mail was met in the first run over its folder.
    """

    message: Message
    owner: frozenset[str]
    place: Place | None = None
    proof: str = ""
    suspicion: str = ""
    first_run: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table.

    Attributes:
        id: its name in explanations.
        source: where it comes from.
        reason: says why the mail may not be answered, or nothing.
        head: the head of the mail is enough to ask it.
        draft_only: it forbids to send an answer, not to draft one.
    """

    id: str
    source: str
    reason: Callable[[Arrival], str]
    head: bool = True
    draft_only: bool = False


def arrival_of(message: Message, notice: Notice, place: Place, whom: Whom, *, first_run: bool = False) -> Arrival:
    """Return *message* as it arrived in a mailbox of *whom*; *notice* is what the reader made of it."""
    suspicious = notice.trust is Trust.SUSPICIOUS and notice.reasons
    return Arrival(
        message=message,
        owner=frozenset(map(plain_address, whom.owner)),
        place=place,
        proof=vouched(message, trusted_ids=whom.trusted_ids, id_less_topmost=whom.id_less_topmost),
        suspicion=notice.reasons[0] if suspicious else "",
        first_run=first_run,
    )


def objections(arrival: Arrival) -> tuple[Objection, ...]:
    """Return every reason against answering, in the order of the table."""
    found = ((check, check.reason(arrival)) for check in CHECKS)
    return tuple(Objection(check.id, reason, check.draft_only) for check, reason in found if reason)


def may_be_answered(head: Message, owner: frozenset[str]) -> bool:
    """Whether the head of a mail leaves open that it may be answered, so that its body is worth fetching."""
    arrival = Arrival(head, owner)
    return not any(check.head and not check.draft_only and check.reason(arrival) for check in CHECKS)


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────────────────


def _own(arrival: Arrival) -> str:
    if arrival.message.is_ours:
        return "parcel-digest wrote it, here or elsewhere"
    own = [sender.address for sender in arrival.message.senders if plain_address(sender.address) in arrival.owner]
    return f"it is from the owner's own address {own[0]}" if own else ""


def _no_return(arrival: Arrival) -> str:
    paths = arrival.message.header("Return-Path")
    if not paths:
        return "it has no Return-Path"
    return "" if all(_bare(path).strip("<> ") for path in paths) else "its Return-Path is empty, as that of reports"


def _auto_submitted(arrival: Arrival) -> str:
    for value in arrival.message.header("Auto-Submitted"):
        word = _bare(value).partition(";")[0].strip()
        if word != "no":
            return f"Auto-Submitted says {word or 'nothing'}"
    return ""


def _mailing_list(arrival: Arrival) -> str:
    names = [name for name, _ in arrival.message.headers if name.lower().startswith("list-")]
    return f"it went to a list: it has {names[0]}" if names else ""


def _precedence(arrival: Arrival) -> str:
    for value in arrival.message.header("Precedence"):
        if _bare(value) in robots().precedence.values:
            return f"Precedence says {_bare(value)}"
    return ""


def _suppressed(arrival: Arrival) -> str:
    for value in arrival.message.header("X-Auto-Response-Suppress"):
        for word in _bare(value).replace(";", ",").split(","):
            if word.strip() in robots().suppress.values:
                return f"X-Auto-Response-Suppress says {word.strip()}"
    return ""


def _robot(arrival: Arrival) -> str:
    message = arrival.message
    named = [sender.address for sender in message.senders]
    for header in ("Return-Path", "Reply-To", "Sender"):
        named += [address.address for value in message.header(header) for address in addresses(value.encode())]
    found = next((address for address in named if robots().is_robot(address.rpartition("@")[0])), None)
    return f"{found} is a program's address" if found else ""


def _not_to_the_owner(arrival: Arrival) -> str:
    for header in ("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"):
        for value in arrival.message.header(header):
            if any(plain_address(address.address) in arrival.owner for address in addresses(value.encode())):
                return ""
    return "it names the owner's address in neither To nor Cc"


def _answers_elsewhere(arrival: Arrival) -> str:
    home = arrival.message.sender.domain
    for value in arrival.message.header("Reply-To"):
        for address in addresses(value.encode()):
            if address.domain and address.domain != home:
                return f"answers would go to {address.domain}, and it is from {home}"
    return ""


def _unverified(arrival: Arrival) -> str:
    if arrival.suspicion:
        return arrival.suspicion
    return "" if arrival.proof else f"no server that is trusted vouches for {arrival.message.sender.domain or 'it'}"


def _junk(arrival: Arrival) -> str:
    for header in ("X-Spam-Flag", "X-Spam"):
        if any(_bare(value) in ("yes", "true") for value in arrival.message.header(header)):
            return f"{header} says yes"
    folder = arrival.place.folder if arrival.place is not None else ""
    return f"it lies in {folder}" if robots().is_junk(folder) else ""


def _report(arrival: Arrival) -> str:
    for value in arrival.message.header("Content-Type"):
        kind = _bare(value).partition(";")[0].strip()
        if kind in robots().types.values:
            return f"it is a report ({kind})"
    return ""


def _other_signs(arrival: Arrival) -> str:
    names = [name for name, _ in arrival.message.headers if name.lower() in robots().presence.names]
    if names:
        return f"it has {names[0]}"
    return "X-Ack says no" if any(_bare(value) == "no" for value in arrival.message.header("X-Ack")) else ""


def _first_run(arrival: Arrival) -> str:
    return "it was met in the first run over its folder" if arrival.first_run else ""


def _nameless(arrival: Arrival) -> str:
    if arrival.message.message_id.endswith("@no-message-id"):
        return "it has no Message-ID by which a second copy of it would be known"
    return ""


CHECKS: Final = (
    Check("own", "RFC 5230 section 4.6; loops", _own),
    Check("return-path", "RFC 3834 section 2", _no_return),
    Check("auto-submitted", "RFC 3834 section 5, RFC 5230 section 4.6", _auto_submitted),
    Check("list", "RFC 2369, RFC 2919, RFC 5230 section 4.6", _mailing_list),
    Check("precedence", "convention (RFC 3834 section 2)", _precedence),
    Check("response-suppress", "MS-OXCMAIL section 2.1.3.2.20", _suppressed),
    Check("robot", "RFC 5230 section 4.6", _robot),
    Check("not-addressed", "RFC 5230 section 4.5", _not_to_the_owner),
    Check("reply-to", "backscatter", _answers_elsewhere, draft_only=True),
    Check("unverified", "backscatter; who really sent it (RFC 8601)", _unverified, head=False),
    Check("junk", "convention; RFC 9051 section 2.3.2", _junk, head=False),
    Check("report", "RFC 6522, RFC 8098", _report),
    Check("other-signs", "convention", _other_signs),
    Check("first-run", "a job that begins must not answer a year of mail", _first_run, head=False),
    Check("nameless", "one mail, one answer", _nameless, head=False),
)


# ── reading headers ──────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1024)
def plain_address(address: str) -> str:
    """Return *address* in lower case without a ``+detail`` (RFC 5233), as the owner's addresses are compared."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def head_fields() -> Iterator[str]:
    """Yield the names of the header fields that the checks need of a mail's head, for an IMAP FETCH."""
    yield from (MARKER, "Sender", "Reply-To", "In-Reply-To", "References")
    yield from ("To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc", "Return-Path", "Auto-Submitted")
    yield from (f"List-{name}" for name in ("Id", "Unsubscribe", "Post", "Help", "Archive", "Owner", "Subscribe"))
    yield from ("Precedence", "X-Auto-Response-Suppress", "Content-Type", "X-Ack")
    yield from robots().presence.names


def _bare(value: str) -> str:
    return " ".join(without_comments(value).split()).lower()
