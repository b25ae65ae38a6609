"""Mails that lie as files: which are found, as what, and what does not stop the rest."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from pipeline.mailbox import Batch, Mailbox, RawMail, WrongSettings
from pipeline.mailbox import files as files_room
from pipeline.mailbox.files import open_files
from pipeline.model import Place


def mail(number: int, body: str = "on its way") -> bytes:
    return f"From: post@shop.example\nSubject: shipped {number}\n\n{body}\n".encode()


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def batches(path: Path, known: frozenset[str] = frozenset()) -> list[Batch]:
    """Read all; *wanted* refuses everything, since nobody is to ask it."""
    box: Mailbox = open_files(path)
    found = list(box.batches({}, lambda _: False, lambda place: place.uid in known))
    box.close()
    return found


def mails(path: Path, known: frozenset[str] = frozenset()) -> list[RawMail]:
    return [mail for batch in batches(path, known) for mail in batch.mails]


def uids(path: Path, known: frozenset[str] = frozenset()) -> list[str]:
    return [mail.place.uid for mail in mails(path, known)]


def failed(path: Path) -> dict[str, str]:
    return {unread.place.uid: unread.error for batch in batches(path) for unread in batch.failed}


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    return tmp_path / "Maildir"


# ── .eml ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_eml_is_one_mail(tmp_path: Path) -> None:
    path = write(tmp_path / "a.eml", mail(1))
    assert mails(path) == [RawMail(Place("files", str(path), 0, "a.eml"), mail(1))]


def test_file_of_any_name_is_one_mail(tmp_path: Path) -> None:
    assert len(mails(write(tmp_path / "message.txt", mail(1)))) == 1


def test_eml_that_an_export_began_with_a_from_line_is_one_mail(tmp_path: Path) -> None:
    data = b"From post@shop.example Mon Nov  2 10:00:00 2026\n" + mail(1)
    assert [each.data for each in mails(write(tmp_path / "a.eml", data))] == [data]


def test_folder_is_read_to_its_depths_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.eml", "a.EML", "sub/deep/c.eml", "another/d.eml", "notes.txt"):
        write(tmp_path / name, mail(1))
    assert uids(tmp_path) == ["a.EML", "b.eml", "another/d.eml", "sub/deep/c.eml"]


def test_place_does_not_depend_on_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mails" / "a.eml", mail(1))
    monkeypatch.chdir(tmp_path)
    assert mails(Path("mails")) == mails(tmp_path / "mails")


def test_name_that_is_not_utf_8_can_be_stored(tmp_path: Path) -> None:
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.eml")), mail(1))
    assert uids(tmp_path) == [r"\xe9t\xe9.eml"]


def test_known_mail_is_left_out(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"{number}.eml", mail(number))
    assert uids(tmp_path, known=frozenset({"0.eml", "2.eml"})) == ["1.eml"]


def test_known_mail_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.eml", mail(1))
    box = open_files(tmp_path)
    monkeypatch.delattr(Path, "open")
    assert list(box.batches({}, lambda _: True, lambda _: True)) == []


def test_empty_folder_has_no_batch(tmp_path: Path) -> None:
    assert batches(tmp_path) == []


def test_links_inside_the_folder_are_followed_and_those_out_of_it_are_not(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside" / "secret.eml", mail(1))
    inside = write(tmp_path / "mails" / "a.eml", mail(2))
    (tmp_path / "mails" / "inside.eml").symlink_to(inside)
    (tmp_path / "mails" / "outside.eml").symlink_to(secret)
    (tmp_path / "mails" / "folder").symlink_to(secret.parent)
    assert uids(tmp_path / "mails") == ["a.eml", "inside.eml"]


def test_link_that_the_owner_names_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "mails" / "a.eml", mail(1))
    (tmp_path / "link").symlink_to(tmp_path / "mails")
    assert uids(tmp_path / "link") == ["a.eml"]


def test_file_that_is_no_file_is_unread_and_the_others_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.eml")
    write(tmp_path / "b.eml", mail(1))
    assert (failed(tmp_path), uids(tmp_path)) == ({"a.eml": "not a regular file"}, ["b.eml"])


def test_file_that_cannot_be_opened_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As root every file can be opened: let the opening itself refuse.
    write(tmp_path / "a.eml", mail(1))
    write(tmp_path / "b.eml", mail(2))
    opened = Path.open

    def refusing(path: Path, *args: str):  # type: ignore[no-untyped-def]
        if path.name == "a.eml":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args)

    monkeypatch.setattr(Path, "open", refusing)
    assert (failed(tmp_path), uids(tmp_path)) == ({"a.eml": "Permission denied"}, ["b.eml"])


def test_folder_that_cannot_be_entered_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.eml", mail(1))
    write(tmp_path / "closed" / "b.eml", mail(2))
    listed = os.scandir

    def refusing(path):  # type: ignore[no-untyped-def]
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert (failed(tmp_path), uids(tmp_path)) == ({"closed": "Permission denied"}, ["a.eml"])


@pytest.mark.parametrize("name", ["none.eml", "none/deeper"])
def test_path_that_does_not_exist_is_a_wrong_setting(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongSettings, match="No such file or directory"):
        open_files(tmp_path / name)


def test_path_that_is_neither_file_nor_folder_is_a_wrong_setting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WrongSettings, match="neither a file nor a folder"):
        open_files(tmp_path / "pipe")


# ── Maildir ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_maildir_gives_cur_and_new_in_the_order_of_delivery(maildir: Path) -> None:
    write(maildir / "new" / "1700000002.b.host", mail(2))
    write(maildir / "cur" / "1700000001.a.host:2,S", mail(1))
    write(maildir / "cur" / "1700000003.c.host:2,", mail(3))
    write(maildir / "tmp" / "1700000004.d.host", mail(4))
    assert uids(maildir) == ["1700000001.a.host", "1700000002.b.host", "1700000003.c.host"]


def test_maildir_mail_keeps_its_place_when_its_flags_change(maildir: Path) -> None:
    path = write(maildir / "new" / "1700000001.a.host", mail(1))
    before = mails(maildir)
    path.rename(maildir / "cur" / "1700000001.a.host:2,RS")
    assert mails(maildir) == before


def test_maildir_mail_that_moves_while_it_is_read_is_found(maildir: Path) -> None:
    write(maildir / "new" / "1700000001.a.host", mail(1))
    second = write(maildir / "new" / "1700000002.b.host", mail(2))

    def moving(place: Place) -> bool:
        if place.uid == "1700000001.a.host":
            second.rename(maildir / "cur" / "1700000002.b.host:2,S")
        return False

    found = [each for batch in open_files(maildir).batches({}, lambda _: True, moving) for each in batch.mails]
    assert [each.data for each in found] == [mail(1), mail(2)]


def test_maildir_mail_that_is_deleted_while_it_is_read_is_no_error(maildir: Path) -> None:
    write(maildir / "new" / "1700000001.a.host", mail(1))
    second = write(maildir / "new" / "1700000002.b.host", mail(2))

    def deleting(_: Place) -> bool:
        second.unlink(missing_ok=True)
        return False

    found = list(open_files(maildir).batches({}, lambda _: True, deleting))
    assert [(len(batch.mails), batch.failed) for batch in found] == [(1, ())]


def test_maildirs_own_files_are_no_mails(maildir: Path) -> None:
    write(maildir / "cur" / ".hidden", b"x")
    write(maildir / "dovecot.index", b"x")
    assert batches(maildir) == []


# ── mbox ────────────────────────────────────────────────────────────────────────────────────────────────────

FROM = b"From post@shop.example Mon Nov  2 10:00:00 2026\n"


def test_mbox_gives_its_mails_without_the_lines_between_them(tmp_path: Path) -> None:
    path = write(tmp_path / "inbox", FROM + mail(1) + b"\n" + FROM + mail(2) + b"\n")
    assert [each.data for each in mails(path)] == [mail(1), mail(2)]


@pytest.mark.parametrize(
    "separator",
    [
        b"From - Mon Nov 02 10:00:00 2026\n",
        b"From MAILER-DAEMON Mon Nov  2 10:00:00 2026\r\n",
        b"From 1848000000000000000@xxx Mon Nov 02 10:00:00 +0000 2026\n",
        b"From post@shop.example Mon Nov  2 10:00 CET 2026\n",
        b"From post@shop.example  Mon Nov  2 10:00:00 2026 +0100\n",
    ],
    ids=["Thunderbird", "CRLF", "Google Takeout", "old zone", "zone behind"],
)
def test_separators_as_programs_write_them(tmp_path: Path, separator: bytes) -> None:
    path = write(tmp_path / "inbox", separator + mail(1) + b"\n" + separator + mail(2))
    assert [each.data for each in mails(path)] == [mail(1), mail(2)]


def test_line_of_a_text_that_begins_with_from_is_no_separator(tmp_path: Path) -> None:
    text = mail(1, "Dear customer,\n\nFrom the warehouse your parcel went out on 2 November 2026.")
    assert [each.data for each in mails(write(tmp_path / "inbox", FROM + text))] == [text]


def test_separator_without_a_blank_line_before_it_is_one(tmp_path: Path) -> None:
    path = write(tmp_path / "inbox", FROM + mail(1) + FROM + mail(2))
    assert [each.data for each in mails(path)] == [mail(1), mail(2)]


def test_quoted_from_line_gets_its_old_form_back(tmp_path: Path) -> None:
    path = write(tmp_path / "inbox", FROM + mail(1, ">From China\n>>From here"))
    assert mails(path)[0].data == mail(1, "From China\n>From here")


def test_mail_of_an_mbox_keeps_its_place_when_others_come_and_go(tmp_path: Path) -> None:
    path = write(tmp_path / "inbox", FROM + mail(1) + b"\n" + FROM + mail(2))
    second = mails(path)[1].place
    write(path, FROM + mail(2) + b"\n" + FROM + mail(3) + b"\n")
    assert [each.place == second for each in mails(path)] == [True, False]


def test_known_mail_of_an_mbox_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "inbox", FROM + mail(1) + b"\n" + FROM + mail(2))
    assert [each.data for each in mails(path, frozenset({uids(path)[0]}))] == [mail(2)]


def test_empty_mbox_has_no_mail(tmp_path: Path) -> None:
    assert batches(write(tmp_path / "inbox", b"")) == []


def test_mbox_is_not_changed_by_reading(tmp_path: Path) -> None:
    path = write(tmp_path / "inbox", FROM + mail(1))
    os.utime(path, ns=(1, 1))
    mails(path)
    assert (path.stat().st_mtime_ns, [each.name for each in tmp_path.iterdir()]) == (1, ["inbox"])


# ── how much at once ────────────────────────────────────────────────────────────────────────────────────────


def test_batches_are_capped_by_number(tmp_path: Path) -> None:
    for number in range(450):
        write(tmp_path / f"{number:03}.eml", mail(number))
    assert [len(batch.mails) for batch in batches(tmp_path)] == [200, 200, 50]


def test_batches_are_capped_by_bytes(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path / f"{number}.eml", mail(number, "x" * 3_000_000))
    assert [len(batch.mails) for batch in batches(tmp_path)] == [2, 2, 1]


def test_files_have_no_cursor(tmp_path: Path) -> None:
    write(tmp_path / "a.eml", mail(1))
    assert batches(tmp_path)[0].cursor is None


@pytest.mark.parametrize("kind", ["eml", "mbox"])
def test_mail_over_the_cap_is_given_with_its_start_and_not_read_whole(tmp_path: Path, kind: str) -> None:
    large = mail(1, ("x" * 999 + "\n") * 60_000)
    data = FROM + large + b"\n" + FROM + mail(2) if kind == "mbox" else large
    path = write(tmp_path / f"large.{kind}", data)
    tracemalloc.start()
    found = mails(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found[0].data, found[0].partial) == (large[: files_room.PART], True)
    assert peak < 30_000_000


def test_mail_behind_one_over_the_cap_is_read(tmp_path: Path) -> None:
    large = mail(1, "x" * 11_000_000)
    path = write(tmp_path / "inbox", FROM + large + b"\n" + FROM + mail(2))
    assert [(len(each.data), each.partial) for each in mails(path)] == [
        (files_room.PART, True),
        (len(mail(2)), False),
    ]
