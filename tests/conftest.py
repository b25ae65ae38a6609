"""What tests share: one Dovecot and one Cyrus for all tests of a process (a worker of pytest-xdist has its
own)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cyrus import Cyrus
    from dovecot import Dovecot
    from mail_server import MailServer


# A machine that is busy with something else is slow at times; that is no fault of what is tested.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    # A worker that exits buries its reason under traces of pytest-xdist: say it before there are workers.
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput") and (line := _lacking()):
        raise pytest.UsageError(line)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    import dovecot

    if line := _lacking():
        pytest.exit(line, returncode=1)
    server = dovecot.Dovecot()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Cyrus]:
    import cyrus

    if line := _lacking():
        pytest.exit(line, returncode=1)
    server = cyrus.Cyrus()
    yield server
    server.stop()


@pytest.fixture(params=["dovecot", "cyrus"])
def each_server(request: pytest.FixtureRequest) -> MailServer:
    """Both servers, one after the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox of the test's own."""
    return re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:100]


def _lacking() -> str | None:
    import cyrus
    import dovecot

    programs = dovecot.missing() + cyrus.missing()
    return f"the tests need {', '.join(programs)}: run tests/install-servers" if programs else None
