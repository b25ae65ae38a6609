"""How right and how fast mails are read, over fixtures/emails/ and any folder that has an index.tsv; and the fold."""

from __future__ import annotations

import csv
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import mailparser

from bench.measure import processor_seconds
from pipeline.intake import read_mail
from pipeline.mailbox import RawMail
from pipeline.model import Notice, Place, Unread
from pipeline.sources import Whom

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "emails"


def read_file(path: Path) -> Notice | None:
    found = read_mail(RawMail(Place("files", "", 0, path.name), path.read_bytes()), Whom())
    return None if isinstance(found, Unread) else found[1]


# ── how right ────────────────────────────────────────────────────────────────────────────────────────────────


def expectations(folder: Path) -> Iterator[tuple[Path, set[str], set[str], str]]:
    """(mail, orders, codes, event) of a folder with an index.tsv, or with .expected.json files."""
    index = folder / "index.tsv"
    if index.exists():
        for row in csv.DictReader(index.open(), delimiter="\t"):
            if row["loose"] != "yes" and (folder / row["file"]).exists():
                yield (
                    folder / row["file"],
                    set(filter(None, row["orders"].split(","))),
                    set(filter(None, row["codes"].split(","))),
                    row["event"],
                )
    for expected in sorted(folder.rglob("*.expected.json")):
        said = json.loads(expected.read_text("utf-8"))
        if "orders" in said:
            mail = expected.with_name(expected.name.replace(".expected.json", ".eml"))
            yield mail, set(said["orders"]), {code["code"] for code in said["codes"]}, said.get("event", "")


def accuracy(folder: Path) -> None:
    count: Counter[str] = Counter()
    for path, orders, codes, event in expectations(folder):
        notice = read_file(path)
        found_orders = {order.number for order in notice.orders} if notice else set()
        found_codes = {code.code for code in notice.codes} if notice else set()
        count["mails"] += 1
        count["right"] += found_orders == orders and found_codes == codes
        count["false codes"] += len(found_codes - codes)
        count["order as code"] += len(found_codes & orders)
        count["events asked"] += bool(event)
        count["events right"] += bool(event) and notice is not None and notice.event == event
    print(f"accuracy   {folder.name}: {dict(count)}")


# ── how fast ─────────────────────────────────────────────────────────────────────────────────────────────────


def speed() -> None:
    ratios = []
    for path in sorted(FIXTURES.rglob("*.eml")):
        data = path.read_bytes()
        if not data or read_file(path) is None:
            continue
        # The best of ten: what else the machine does costs the caches that a mail of a millisecond is read in.
        alone = processor_seconds(lambda data=data: mailparser.parse_from_bytes(data), 10)
        mail = RawMail(Place("files", "", 0, path.name), data)
        ratios.append(processor_seconds(lambda mail=mail: read_mail(mail, Whom()), 10) / alone)
    print(f"reading    parse, trust and read cost {statistics.median(ratios):.1f} x mail-parser alone (median)")
    line = "Your order 8211968327931234 has shipped, tracking number RB123456785CN, total 12,99 EUR.\n"
    mail = b"From: a@shop.example\nSubject: shipped\nDate: Mon, 02 Nov 2026 10:00:00 +0000\n\n"
    small, large = (
        processor_seconds(
            lambda size=size: read_mail(RawMail(Place("f", "", 0, ""), mail + line.encode() * size), Whom())
        )
        for size in (100, 800)
    )
    print(f"reading    a mail 8 times as long costs {large / small:.1f} times as much")
    worst = max(
        (processor_seconds(lambda text=text: read_mail(RawMail(Place("f", "", 0, ""), mail + text), Whom()), 1), name)
        for name, text in {
            "digits": b"1" * 1_000_000, "words": b"order " * 170_000, "groups": b"12 " * 330_000,
            "tags": b"<a " * 330_000, "links": b"https://" * 125_000, "tabs": b"1\t" * 500_000,
        }.items()
    )  # fmt: skip
    print(f"reading    worst adversarial megabyte: {worst[0]:.2f} s ({worst[1]})")
    print(f"reading    500 more shops: {_with_more_shops(500) / _with_more_shops(0):.2f} times as much")


_READ_ALL = """
import sys, time
from pathlib import Path
from pipeline.intake import read_mail
from pipeline.mailbox import RawMail
from pipeline.model import Place
from pipeline.sources import Whom
mails = [RawMail(Place("f", "", 0, path.name), path.read_bytes()) for path in Path(sys.argv[1]).rglob("*.eml")]
for turn in range(4):
    started = time.process_time()
    for mail in mails:
        read_mail(mail, Whom())
    print(time.process_time() - started)
"""


def _with_more_shops(number: int) -> float:
    """Processor time for the fixtures, in a copy of the package that knows *number* shops more."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "pipeline")
        shutil.copytree(FIXTURES.parent.parent / "pipeline", copy)
        for shop in range(number):
            text = f'name = "Dummy {shop}"\nbrands = ["Dummy Brand {shop}"]\ndomains = ["dummy{shop}.example"]\n'
            order = f'order_formats = ["DM{shop}-[0-9]{{6}}"]\n[links]\norder = ["order{shop}"]\n'
            (copy / "read" / "shops" / f"dummy{shop}.toml").write_text(text + order)
        words = [sys.executable, "-c", _READ_ALL, str(FIXTURES)]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
        # The first turn reads the tables, too.
        return min(map(float, done.stdout.split()[1:]))


def reading(folders: list[Path]) -> None:
    """Run the part; *folders* are read for accuracy beside the fixtures."""
    for folder in (FIXTURES, *folders):
        accuracy(folder)
    speed()
