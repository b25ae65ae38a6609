"""Where a digest goes: whole, private, and with one line when it cannot."""

from __future__ import annotations

import errno
import io
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from digest_values import SUSPICIOUS, TODAY, ZONE, a_diagnosis, a_parcel
from selectolax.lexbor import LexborHTMLParser

from pipeline.deliver import DeliveryError, to_file, to_stdout
from pipeline.digest import Digest, compose
from pipeline.render import Form, render

DIGEST = compose(TODAY, [(a_parcel(), a_diagnosis())], (), (), None, ZONE)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def index_of(folder: Path) -> list[tuple[str, str]]:
    page = LexborHTMLParser((folder / "index.html").read_text())
    return [(str(link.attributes["href"]), link.text()) for link in page.css("a")]


def test_stdout_gets_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    to_stdout(DIGEST)
    assert capsys.readouterr().out == render(DIGEST, Form.TEXT)


def test_a_terminal_of_few_characters_still_gets_a_digest() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    to_stdout(DIGEST, stream)
    assert b"1 parcel needs you" in raw.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line() -> None:
    stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115, closing it fails too
    with pytest.raises(DeliveryError) as caught:
        to_stdout(DIGEST, stream)
    assert str(caught.value) == f"standard output: {os.strerror(errno.ENOSPC)}"
    # What is left in its buffer could be written no more than the digest.
    with pytest.raises(OSError, match="No space"):
        stream.close()


def test_a_closed_stdout_is_a_delivery_error() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError, match="standard output"):
        to_stdout(DIGEST, stream)


def test_a_folder_gets_page_text_and_index(tmp_path: Path) -> None:
    page = to_file(tmp_path / "new" / "digests", TODAY, DIGEST)
    assert page.read_text() == render(DIGEST, Form.HTML)
    assert page.with_suffix(".txt").read_text() == render(DIGEST, Form.TEXT)
    assert names(page.parent) == {"digest-2026-11-23.html", "digest-2026-11-23.txt", "index.html"}


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    page = to_file(tmp_path / "digests", TODAY, DIGEST)
    assert {stat.S_IMODE(path.stat().st_mode) for path in page.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700


def test_the_same_day_again_replaces_the_files(tmp_path: Path) -> None:
    to_file(tmp_path, TODAY, compose(TODAY, (), [SUSPICIOUS], (), None, ZONE))
    page = to_file(tmp_path, TODAY, DIGEST)
    assert page.read_text() == render(DIGEST, Form.HTML)
    assert len(names(tmp_path)) == 3


def test_the_index_lists_past_digests_newest_first(tmp_path: Path) -> None:
    for day in (date(2026, 11, 22), TODAY, date(2025, 12, 31)):
        to_file(tmp_path, day, DIGEST)
    assert index_of(tmp_path) == [
        ("digest-2026-11-23.html", "Monday, 23 November 2026"),
        ("digest-2026-11-22.html", "Sunday, 22 November 2026"),
        ("digest-2025-12-31.html", "Wednesday, 31 December 2025"),
    ]


def test_the_index_says_what_each_digest_said(tmp_path: Path) -> None:
    to_file(tmp_path, TODAY, DIGEST)
    assert "1 parcel needs you" in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("name", ["digest-2026-13-45.html", "digest-x.html", "other.html", "digest-2026-11-22.txt"])
def test_the_index_lists_only_digests(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<title>x</title>")
    to_file(tmp_path, TODAY, DIGEST)
    assert [link for link, _ in index_of(tmp_path)] == ["digest-2026-11-23.html"]


def test_the_index_shows_a_foreign_title_as_words(tmp_path: Path) -> None:
    (tmp_path / "digest-2026-11-22.html").write_text("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>")
    to_file(tmp_path, TODAY, DIGEST)
    page = LexborHTMLParser((tmp_path / "index.html").read_text())
    assert not page.css("script")
    assert page.body is not None
    assert "<script>alert(1)</script>" in page.body.text()


def full_disk(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_one_line_and_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = compose(TODAY, (), (), (), None, ZONE)
    page = to_file(tmp_path, TODAY, before)
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DeliveryError) as caught:
        to_file(tmp_path, TODAY, DIGEST)
    assert str(caught.value) == f"{tmp_path}: {os.strerror(errno.ENOSPC)}"
    assert page.read_text() == render(before, Form.HTML)
    assert len(names(tmp_path)) == 3


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "digests").write_text("")
    with pytest.raises(DeliveryError, match="digests: File exists"):
        to_file(tmp_path / "digests", TODAY, DIGEST)


def test_a_digest_that_cannot_be_written_is_tried_again() -> None:
    assert DeliveryError.exit_code == os.EX_TEMPFAIL


def test_a_digest_is_given_whole_to_every_channel(tmp_path: Path) -> None:
    digest: Digest = DIGEST
    stream = io.StringIO()
    to_stdout(digest, stream)
    assert to_file(tmp_path, TODAY, digest).with_suffix(".txt").read_text() == stream.getvalue()
