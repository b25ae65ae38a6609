"""What tests share: one Dovecot for all tests of a process (a worker of pytest-xdist has its own)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dovecot import Dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    import dovecot

    if lacking := dovecot.missing():
        pytest.exit(f"the tests need {', '.join(lacking)}: run tests/install-servers", returncode=1)
    server = dovecot.Dovecot()
    yield server
    server.stop()


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox of the test's own."""
    return re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:100]
