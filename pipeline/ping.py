"""Tell a watchdog of the owner's choice that a run has ended (healthchecks.io and its kin).

The address of the settings is asked after a run that went well, and the same with ``/`` and the exit code after one
that did not: a job that fails, or that does not run at all, is missed.
"""

from __future__ import annotations

from urllib.request import urlopen

#: Seconds. The run is done; nobody should wait for the watchdog.
TIMEOUT = 10.0


def ping(address: str, exit_code: int) -> str:
    """Ask *address*; return what went wrong in one line, or an empty text."""
    try:
        with urlopen(address.rstrip("/") + (f"/{exit_code}" if exit_code else ""), timeout=TIMEOUT) as answer:
            answer.read(1000)
    except (OSError, ValueError) as error:  # URLError and HTTPError are OSErrors
        return f"ping: {type(error).__name__}"
    return ""
