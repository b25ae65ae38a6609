"""A mailbox of 2,000 mails on a real Dovecot, beside the idiom that fetches and parses everything."""

from __future__ import annotations

from datetime import date

import mailparser

from bench.measure import seconds
from pipeline.intake import read_mail
from pipeline.mailbox.credentials import Secret
from pipeline.mailbox.imap import ImapMailbox
from pipeline.parse import peek
from pipeline.read import relevant
from pipeline.sources import Whom


def mailbox() -> None:
    from dovecot import Dovecot, missing
    from test_run_imap import everyday_mail, story_mails
    from wire import Proxy

    from pipeline.config.accounts import Server

    if missing():
        print(f"mailbox    left out: {', '.join(missing())} is not installed; run tests/install-servers")
        return
    server = Dovecot()
    try:
        story = story_mails()
        server.deliver("bench", [*(everyday_mail(number) for number in range(2_000 - len(story))), *story])
        with Proxy(server.port) as proxy:
            account = Server(host="127.0.0.1", port=proxy.port, security="plain", username="bench")

            def ours() -> None:
                box = ImapMailbox("home", account, Secret("secret"), since=date(2026, 1, 1))
                for batch in box.batches({}, lambda header: relevant(peek(header)), lambda _: False):
                    for mail in batch.mails:
                        read_mail(mail, Whom())
                box.close()

            def everything() -> None:
                with server.client("bench") as client:
                    client.select_folder("INBOX", readonly=True)
                    uids = client.search()
                    for start in range(0, len(uids), 500):
                        for mail in client.fetch(uids[start : start + 500], ["BODY.PEEK[]"]).values():
                            mailparser.parse_from_bytes(mail[b"BODY[]"])

            ours()
            proxy.forget()
            mine = seconds(ours, 1)
            print(
                f"mailbox    first run over 2,000 mails: {mine:.2f} s, {seconds(everything, 1) / mine:.1f} times faster"
            )
            print(f"mailbox    than fetching and parsing all; {len(proxy.received) / 1e3:.0f} kB down")
    finally:
        server.stop()
