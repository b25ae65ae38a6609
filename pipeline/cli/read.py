"""`read`: what saved mails say, without touching any state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigOption, ReadFormat, TrustOption, finish, print_lines, settings_of, whom_for_files
from pipeline.cli.redact import print_redacted

if TYPE_CHECKING:
    from pipeline.mailbox import RawMail
    from pipeline.model import Unread


def read(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", readable=False, help=".eml file, folder, Maildir or mbox."),
    ],
    form: Annotated[ReadFormat, typer.Option("--format", help="json: one object a line for each mail.")] = (
        ReadFormat.TEXT
    ),
    config: ConfigOption = None,
    trust: TrustOption = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Print the mail itself, with other names, addresses and numbers.")
    ] = False,
    replace: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="With --redact: a further word that tells who you are.")
    ] = None,
) -> None:
    """Say what mails say of parcels, and how that was decided; touches no state.

    With --redact it prints a copy of one mail that is fit for a report: every name, address and number is replaced,
    always by the same, and read it says the same as before. Look through it before you send it to anybody.

    Example: parcel-digest read --format json saved-mail.eml
    """
    if redact:
        print_redacted(paths, replace)
        return
    from pipeline.intake import read_mail
    from pipeline.mailbox import MailboxError
    from pipeline.mailbox.files import open_files
    from pipeline.model import Unread
    from pipeline.render.reports import json_line, notice_record, notice_text, unread_record

    settings = settings_of(config, optional=True)
    zone = settings.zone()
    whom = whom_for_files(settings, trust)
    errors: list[str] = []
    code = 0

    def tell(mail: RawMail | Unread) -> None:
        file = mail.place.path
        found = mail if isinstance(mail, Unread) else read_mail(mail, whom)
        if isinstance(found, Unread):
            errors.append(f"{file}: {found.error}")
            if form is ReadFormat.JSON:
                print(json_line(unread_record(file, found)))
        elif form is ReadFormat.JSON:
            print(json_line(notice_record(file, found[1], zone)))
        else:
            print_lines(notice_text(file, found[1], zone))

    for path in paths:
        try:
            for batch in open_files(path).batches({}, lambda _: True, lambda _: False):
                for mail in batch.mails:
                    tell(mail)
                for failed in batch.failed:
                    tell(failed)
        except MailboxError as error:
            errors.append(str(error))
            code = max(code, error.exit_code)
    finish(errors, max(code, 1) if errors else 0)
