"""The docs tell the truth: every command line runs, every link leads somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import DAY, ROOT, STORY, clean_environment, parcel_digest, run_story, story_mails
from mail_server import PASSWORD
from test_settings_documented import KEYS

if TYPE_CHECKING:
    from dovecot import Dovecot

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "fixtures" / "README.md"])

#: What is not run, by how it begins, and why.
NOT_RUN = {
    "pipx ": "test_packaging.py installs the wheel as uv does",
    "uv ": "test_packaging.py does",
    "systemctl ": "there is no systemd that runs in a test; test_packaging.py has its units verified",
    "systemd-creds ": "likewise",
    "loginctl ": "likewise",
    "podman ": "there is no container engine; test_packaging.py looks at the file",
    "crontab": "the machine's own",
    "rm -r ": "it removes everything",
    "pass ": "the owner's password store",
    "pip ": "as pipx",
    "sh tests/install-servers": "run by make test",
    "python -m": "a test of each page that is generated says it",
}
#: Which commands act on a day.
DATED = {"init", "run", "digest", "show", "explain", "mark", "replay", "doctor"}


def blocks(text: str) -> Iterator[str]:
    """The lines of shell blocks."""
    for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from (line.partition("  #")[0].strip() for line in block.splitlines() if line.strip())


def inline(text: str) -> Iterator[str]:
    """Commands inside a sentence or a table."""
    without_blocks = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for code in re.findall(r"`([^`\n]+)`", without_blocks):
        if re.match(r"(?:\S+/)?parcel-digest |make [a-z]", code):
            yield code


LINES = sorted({line for page in PAGES for find in (blocks, inline) for line in find(page.read_text("utf-8"))})
OURS = [line for line in LINES if re.match(r"(?:\S+/)?parcel-digest ", line)]


def is_whole(line: str) -> bool:
    """Whether *line* can be run as it stands: it names more than a command, and nothing in it stands for something."""
    words = shlex.split(line)
    # What takes a file or a number and has none, names an option.
    if words[1] in ("read", "explain", "mark") and not any(re.search(r"[0-9]|\.eml|/", word) for word in words[2:]):
        return False
    return len(words) > 2 and not re.search(r"\b[A-Z]{4,}\b|…|\.\.\.", line)


@pytest.fixture(scope="module")
def world(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who uses the program: home folder, settings, ledger, saved mails, programs."""
    home = tmp_path_factory.mktemp("reader")
    dovecot.deliver("reader", story_mails())
    settings = home / ".config" / "parcel-digest" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'[accounts.home]\naddress = "mila@example.org"\nusername = "reader"\nhost = "127.0.0.1"\n'
        f'port = {dovecot.port}\nsecurity = "plain"\npassword_command = ["pass", "show", "mail/home"]\n'
        'trusted_authserv_ids = ["mx.example.org"]\n'
    )
    settings.chmod(0o600)
    run_story(home / ".local" / "state" / "parcel-digest")
    for name in ("saved.eml", "saved-mail.eml", "mail.eml"):
        (home / name).write_bytes(next(STORY.glob("*order-shipped.eml")).read_bytes())
    (home / "fixtures").symlink_to(ROOT / "fixtures")
    programs = home / "bin"
    programs.mkdir()
    for name, script in {
        "parcel-digest": f'exec {shlex.quote(sys.executable)} -m pipeline.cli "$@"',
        "pass": f"echo {PASSWORD}",
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    environment = clean_environment() | {
        "HOME": str(home),
        "PATH": f"{programs}:{os.defpath}",
        "PYTHONPATH": str(ROOT),
        # What `init` in the docs does not say: where the test's server is.
        "INIT": f"--port {dovecot.tls_port} --username reader --ca-file {dovecot.ca_file} --force",
    }
    del environment["XDG_CONFIG_HOME"]
    return environment


@pytest.mark.server
@pytest.mark.parametrize("line", [line for line in OURS if is_whole(line)])
def test_every_command_line_runs(world: dict[str, str], line: str) -> None:
    words = shlex.split(line)
    line = re.sub(r"^\S*parcel-digest", "parcel-digest", line).replace("imap.example.org", "localhost")
    # The numbers of examples are nobody's; here they are a parcel's of the story, but where one is made known by them.
    if "shop=" not in line:
        line = re.sub(r"\b(RB123456785CN|8211968327931234)\b", "8212204733190856", line)
    if "--address" in words:
        line += f" {world['INIT']} --config new.toml"
    if words[1] in DATED and "--today" not in words:
        line = re.sub(r"( [>|] |$)", rf" --today {DAY}\1", line, count=1)
    done = subprocess.run(
        ["sh", "-c", line], cwd=world["HOME"], env=world, input="", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", sorted(DATED | {"read"}))
def test_the_help_of_a_command_is_whole_on_80_columns(command: str) -> None:
    shown = parcel_digest(command, "--help", env=clean_environment() | {"COLUMNS": "80", "TERM": "xterm"}).out
    assert max(map(len, shown.splitlines())) <= 80
    assert not re.findall(r"\S…\s*│", shown), "rich has cut a word off: let the column of the options be narrower"


@pytest.mark.parametrize("line", [line for line in OURS if not is_whole(line)])
def test_every_command_that_is_named_exists(line: str) -> None:
    from typer.main import get_command

    from pipeline.cli import app

    program = get_command(app)
    words = line.replace("|", " ").replace("[", " ").replace("]", " ").split()
    known = program.commands.get(words[1])  # type: ignore[attr-defined]
    params = known.params if known else program.params
    options = {name for param in params for name in param.opts} | {"--help"}
    assert known or words[1].startswith("-"), line
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options, line


def test_every_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {line.split()[1] for line in LINES if line.startswith("make ")}
    assert named <= targets


def test_every_other_command_is_one_that_is_known_not_to_be_run() -> None:
    others = [line for line in LINES if line not in OURS and not line.startswith("make ")]
    assert [line for line in others if not line.startswith(tuple(NOT_RUN))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"https?:|mailto:|#", target):
            continue
        path, _, anchor = target.partition("#")
        assert (page.parent / path).exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.*)$", (page.parent / path).read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}, target


def test_the_page_of_shops_and_carriers_is_made_of_their_data() -> None:
    from pipeline.read.page import page

    text = (ROOT / "docs" / "shops.md").read_text("utf-8")
    assert text == page(), "python -m pipeline.read.page > docs/shops.md writes it anew"


def test_every_exit_code_is_explained() -> None:
    from pipeline.cli.manual import EXIT_CODES

    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    assert set(EXIT_CODES) <= {int(code) for code in re.findall(r"^\| ([0-9]+) \|", page, re.MULTILINE)}


@pytest.mark.parametrize("key", KEYS)
def test_the_page_of_settings_names_every_key(key: str) -> None:
    table, _, name = key.rpartition(".")
    table = table.replace("accounts.home", "accounts.NAME").replace("shop.aliexpress", "shop.NAME")
    page = (ROOT / "docs" / "settings.md").read_text("utf-8").partition("## General")[2]
    # From the heading, row or sentence that begins with the table to the next one: there the key stands as `key`.
    parts = re.split(r"(?:^(?:## |\| )|\. )`\[([a-zA-Z.]+)\]`", page, flags=re.MULTILINE)
    told = "".join(text for title, text in zip(["", *parts[1::2]], parts[::2], strict=True) if title == table)
    assert f"`{name}`" in told, f"docs/settings.md does not name `{name}` after `[{table}]`"
