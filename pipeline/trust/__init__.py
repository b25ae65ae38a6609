"""Who really sent a mail: trusted, unverified or suspicious, decided from its headers alone.

First what makes a mail suspicious: not exactly one sender, a DMARC failure that our own server saw, a
borrowed name. Then what makes it trusted: our own server vouches for one of the sender's own domains. Else it
is unverified.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.model import Address, Message, Trust, Verdict
from pipeline.trust import authres
from pipeline.trust.impostors import Known, Sender

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["APPLE_RELAY", "Known", "Sender", "effective_sender", "judge", "vouched"]

APPLE_RELAY = "privaterelay.appleid.com"


def judge(
    message: Message,
    *,
    trusted_ids: frozenset[str],
    senders: Known,
    owner: frozenset[str] = frozenset(),
    id_less_topmost: bool = False,
) -> Verdict:
    """Decide how far the sender of *message* can be believed. Pure; asks no server.

    *trusted_ids* are the authserv-ids (RFC 8601) that the settings trust, *senders* the shops and carriers whose names
    can be borrowed, *owner* the owner's own addresses.
    *id_less_topmost*: the provider writes its Authentication-Results without an id, as outlook.com does.
    """
    wrong = _not_one_sender(message)
    if wrong:
        return Verdict(Trust.SUSPICIOUS, (wrong,))
    sender = message.sender
    claimed = effective_sender(message)
    results, why_not = _results(message, trusted_ids, id_less_topmost)
    reasons = _suspicions(message, claimed, senders, results, owner)
    if reasons:
        return Verdict(Trust.SUSPICIOUS, tuple(reasons))
    own = senders.owners(claimed.domain)
    if results is None:
        return Verdict(Trust.UNVERIFIED, (why_not,))
    server = results.authserv_id or "of the mailbox"
    # Relayed mail bears Apple's signature; which sender the address stands for is Apple's word.
    signers = (APPLE_RELAY, "appleid.com") if sender.domain == APPLE_RELAY else own
    proof = _proof(results, sender.domain, signers or (sender.domain,))
    if not proof:
        return Verdict(Trust.UNVERIFIED, (f"the server {server} does not vouch for {sender.domain}",))
    vouched = f"the server {server} vouches for {sender.domain} ({proof})"
    if not own:
        return Verdict(Trust.UNVERIFIED, (f"{vouched}, which is no known shop or carrier",))
    if sender.domain == APPLE_RELAY:
        vouched += f", Apple's relay, which names {claimed.domain}"
    return Verdict(Trust.TRUSTED, (vouched,))


def vouched(message: Message, *, trusted_ids: frozenset[str], id_less_topmost: bool = False) -> str:
    """Return how the mailbox's own server proves the domain of the sender (``"DMARC"``, ``"DKIM"``), or nothing.

    For persons, whose domains nobody lists: the domain is its own witness. Arguments as for :func:`judge`.
    """
    if _not_one_sender(message):
        return ""
    results, _ = _results(message, trusted_ids, id_less_topmost)
    if results is None or any(result.value == "fail" for result in results.of("dmarc")):
        return ""
    domain = message.sender.domain
    return _proof(results, domain, (domain,))


def _not_one_sender(message: Message) -> str:
    """Why the mail has not exactly one From header with one address (RFC 5322 section 3.6.2), or nothing."""
    headers = message.header("From")
    if len(headers) > 1:
        return f"it has {len(headers)} From headers"
    if len(message.senders) > 1:
        return "its From header names several addresses: " + ", ".join(a.address for a in message.senders[:3])
    if "@" not in message.sender.address or not message.sender.domain:
        return "its From header names no address"
    return ""


# ── Apple's Hide My Email ───────────────────────────────────────────────────────────────────────────────────

_ID = re.compile(r"(?=[a-z]*\d)[0-9a-z]{6,}")


def effective_sender(message: Message) -> Address:
    """The sender that an address of Apple's relay stands for, else the sender itself.

    ``x_at_notice_example_com_0a1b2c3d4e_0a1b2c3d@privaterelay.appleid.com`` is ``x@notice.example.com``. The
    mail's own word, no proof: ``judge`` asks whether the mail really came through the relay.
    """
    sender = message.sender
    if sender.domain != APPLE_RELAY:
        return sender
    pieces = sender.address.rpartition("@")[0].split("_")
    ends = pieces[-2:]
    # The last piece is an id, and mostly the one before, too. No top level domain has a digit in it, so the
    # end of a domain is never taken for an id, which would give a name to whoever owns the domain below it.
    if len(pieces) < 5 or not _ID.fullmatch(ends[1]):
        return sender
    both = _ID.fullmatch(ends[0]) or (len(ends[0]) == 10 and len(ends[1]) == 8 and ends[0].isalnum())
    pieces = pieces[: -2 if both else -1]
    # The last "at" is the @, except that it may be the end of a domain (.at).
    at = max((i for i, piece in enumerate(pieces[:-2]) if piece == "at" and i), default=0)
    if not "".join(pieces[:at]):
        return sender
    return Address(sender.name, "_".join(pieces[:at]) + "@" + ".".join(pieces[at + 1 :]))


# ── what the mailbox's own server says ──────────────────────────────────────────────────────────────────────


def _results(
    message: Message, trusted_ids: frozenset[str], id_less_topmost: bool
) -> tuple[authres.AuthenticationResults | None, str]:
    """The Authentication-Results that can be believed, else why there are none.

    Only the topmost header: every server puts its own on top, so what stands below may be the sender's work.
    """
    headers = message.header("Authentication-Results")
    if not trusted_ids and not id_less_topmost:
        return None, "the settings trust no server's Authentication-Results"
    if not headers:
        return None, "no server says who sent it"
    results = authres.read(headers[0])
    if results.authserv_id:
        if results.authserv_id in {identity.lower().rstrip(".") for identity in trusted_ids}:
            return results, ""
        return None, f"the settings do not trust the server {results.authserv_id}, whose word stands on top"
    if id_less_topmost:
        return results, ""
    return None, "the topmost Authentication-Results names no server"


def _proof(results: authres.AuthenticationResults, domain: str, own: Iterable[str]) -> str:
    """How *results* prove that a mail is from *domain*, one of the domains *own*; nothing if they do not.

    SPF never counts: it proves the envelope, which the reader does not see.
    """
    for dmarc in results.of("dmarc"):
        if dmarc.value == "pass" and dmarc.property("header.from") == domain:
            return "DMARC"
    for dkim in results.of("dkim"):
        signer = dkim.property("header.d") or (dkim.property("header.i") or "").rpartition("@")[2]
        if dkim.value != "pass" or not signer:
            continue
        # Aligned (RFC 7489 section 3.1.1), the organisational domain being one of the sender's own.
        if any(_within(signer, whole) and _within(domain, whole) for whole in own):
            return "DKIM"
    return ""


def _within(domain: str, whole: str) -> bool:
    return domain == whole or domain.endswith("." + whole)


# ── impostors ───────────────────────────────────────────────────────────────────────────────────────────────


def _suspicions(
    message: Message,
    claimed: Address,
    table: Known,
    results: authres.AuthenticationResults | None,
    owner: frozenset[str],
) -> list[str]:
    domain = claimed.domain
    reasons: list[str] = []
    if results is not None and any(result.value == "fail" for result in results.of("dmarc")):
        server = results.authserv_id or "of the mailbox"
        reasons.append(f"the server {server} says that it is not from {message.sender.domain} (DMARC)")
    if table.owners(domain) or domain == APPLE_RELAY:
        return reasons
    borrowed = table.borrowed_domain(domain)
    if borrowed:
        reasons.append(f"its domain {domain} only looks like {borrowed}")
    odd = _odd_domain(domain)
    if odd:
        reasons.append(f"its domain {domain} {odd}")
    if message.sender.address in {address.lower() for address in owner}:
        return reasons
    name = table.claimed_by(claimed.name)
    if name:
        reasons.append(f"calls itself {name} but writes from {domain}")
    elif not _PASSED_ON.match(message.subject):
        name = table.named_in(message.subject)
        if name:
            reasons.append(f"its subject names {name} but it is from {domain}")
    return reasons


def _odd_domain(domain: str) -> str:
    if any(label.startswith("xn--") for label in domain.split(".")):
        return "is written in punycode"
    if domain.isascii():
        return ""
    scripts = {unicodedata.name(char, "?").split()[0].split("-")[0] for char in domain if char.isalpha()}
    return "mixes scripts" if len(scripts) > 1 else ""


#: Prefixes of mails passed on or answered by a person, in the languages of common mail programs.
_PASSED_ON = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|pd|vb|vs|fs|doorst|továbbítás|转发|轉寄|転送|전달|ynt|ilt"
    r"|пересл|re|aw|sv|antw|odp|res|rif|回复|回覆|返信|отв|הועבר|תגובה|إعادة توجيه|رد)(?:\[\d+\])?\s*[:：]",
    re.I,
)
