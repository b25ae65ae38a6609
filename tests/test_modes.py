"""Who may read what the program writes, and where a link in its way leads: to its owner alone, and nowhere."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from command import DAY, PROGRAM, ROOT, STORY, clean_environment


def run_with_mask(state: Path, mask: int) -> subprocess.CompletedProcess[bytes]:
    """The cron job with a digest as a page, in a process that hides nothing by itself."""
    words = ["run", "--mailbox", str(STORY), "--state", str(state), "--today", DAY]
    environment = clean_environment() | {"PARCEL_DIGEST__DIGEST__DELIVER": '["file"]'}
    return subprocess.run(
        [*PROGRAM, *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        preexec_fn=lambda: os.umask(mask),
    )


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run left in a process without umask, with links in the places of its pages."""
    folder = tmp_path_factory.mktemp("modes") / "state"
    digests = folder / "digests"
    digests.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    for name in ("index.html", f"digest-{DAY}.html", f"digest-{DAY}.txt"):
        (folder.parent / f"precious {name}").write_text("precious")
        (digests / name).symlink_to(folder.parent / f"precious {name}")
    done = run_with_mask(folder, 0)
    assert done.returncode == 1, done.stderr
    return folder


def test_files_are_for_their_owner_and_folders_too(state: Path) -> None:
    modes = {path.relative_to(state).as_posix(): path.stat().st_mode & 0o777 for path in state.rglob("*")}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert f"digests/digest-{DAY}.html" in modes


def test_new_folders_are_for_their_owner(tmp_path: Path) -> None:
    run_with_mask(tmp_path / "a" / "state", 0)
    assert (tmp_path / "a" / "state").stat().st_mode & 0o077 == 0
    assert (tmp_path / "a" / "state" / "digests").stat().st_mode & 0o077 == 0


def test_a_link_in_the_place_of_a_page_is_replaced_and_not_followed(state: Path) -> None:
    assert {path.read_text() for path in state.parent.glob("precious *")} == {"precious"}
    assert not any(path.is_symlink() for path in (state / "digests").iterdir())


def test_a_digest_written_to_a_link_replaces_the_link(state: Path, tmp_path: Path) -> None:
    precious, link = tmp_path / "precious", tmp_path / "parcels.html"
    precious.write_text("precious")
    link.symlink_to(precious)
    words = ["digest", "--format", "html", "--to", str(link), "--state", str(state), "--today", DAY]
    done = subprocess.run([*PROGRAM, *words], cwd=ROOT, env=clean_environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert precious.read_text() == "precious"
    assert not link.is_symlink()
