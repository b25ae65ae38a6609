"""`init`: from nothing to the first digest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigOption, StateOption, TodayOption

if TYPE_CHECKING:
    from pipeline.cli.interview import Interview
    from pipeline.setup.answers import Answers


def init(
    address: Annotated[str, typer.Option(help="Your mail address.")] = "",
    name: Annotated[str, typer.Option(help="How the account is called in the settings.")] = "home",
    provider: Annotated[str, typer.Option(help="A known provider, as gmail.")] = "",
    host: Annotated[str, typer.Option(help="The IMAP server.")] = "",
    port: Annotated[int | None, typer.Option(min=1, max=65535, metavar="NUMBER", help="Its port.")] = None,
    security: Annotated[str, typer.Option(help="tls, starttls, or plain on this machine.")] = "",
    username: Annotated[str, typer.Option(help="User name, where it is not the address.")] = "",
    ca_file: Annotated[str, typer.Option(help="Certificate of a server that no public authority signed.")] = "",
    password_command: Annotated[str, typer.Option(help="Command that prints the password.")] = "",
    token_command: Annotated[str, typer.Option(help="Command that prints an OAuth2 access token.")] = "",
    folder: Annotated[list[str] | None, typer.Option(help="Folder to read, once for each.")] = None,
    trust: Annotated[
        list[str] | None, typer.Option(metavar="AUTHSERV-ID", help="Believe this server's Authentication-Results.")
    ] = None,
    deliver: Annotated[
        list[str] | None, typer.Option(help="Where the digest goes: stdout, file, append, … Once for each.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Your time zone, as Europe/Berlin.")] = "",
    no_lookup: Annotated[
        bool, typer.Option("--no-lookup", help="Do not look an unknown server up as mail programs do.")
    ] = False,
    non_interactive: Annotated[bool, typer.Option("--non-interactive", help="Ask nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace settings that exist; they are kept as .old.")] = False,
    systemd: Annotated[bool, typer.Option("--systemd", help="Write a timer and a service of your own, too.")] = False,
    config: ConfigOption = None,
    state: StateOption = None,
    today: TodayOption = None,
) -> None:
    """Set everything up: find the server, try the login, write the settings, show what would be said.

    Example: parcel-digest init --address me@example.org --host imap.example.org
    """
    from pipeline.cli.asking import AnswerError
    from pipeline.cli.interview import Interview
    from pipeline.config import ConfigError, default_path
    from pipeline.setup.answers import Answers, words

    path = config or default_path()
    if (path.exists() or path.is_symlink()) and not force:
        if systemd:
            _say_how_to_go_on(config, state, systemd=True)
            return
        raise ConfigError(
            f"there are settings at {path}: they are kept. To go on: parcel-digest run. "
            "For another account add [accounts.NAME] there; to begin anew give --force"
        )
    try:
        commands = words(password_command), words(token_command)
    except ValueError as error:
        raise AnswerError(f"a command cannot be taken apart: {error}") from None
    answers = Answers(
        name, address, provider, host, port, security, username, ca_file, *commands,
        list(folder or ()), list(trust or ()), list(deliver or ()), timezone,
    )  # fmt: skip
    interview = Interview(answers, interactive=not non_interactive and sys.stdin.isatty(), lookup=not no_lookup)
    interview.beginning()
    interview.server.find()
    seen = interview.login.look_round()
    interview.folders(seen)
    interview.trust(seen)
    interview.delivery()
    _write(path, answers, replace=force)
    print(f"\nWritten: {path}\nNow a run that changes nothing:\n")
    code = _run(config, state, today, dry=True)
    if code in (0, 1):
        code = _first_run(interview, config, state, today) or code
    _say_how_to_go_on(config, state, systemd=systemd)
    if interview.login.is_kept_nowhere:
        _say_what_lacks(path, answers.name)
    raise typer.Exit(code)


def _say_what_lacks(path: Path, name: str) -> None:
    """The last word, because without it the job fails: a typed password, or one of this shell, is not the job's."""
    file = path.with_name(f"{name}.password")
    print("\nThe job has no password yet: what you typed, or set in this shell, cron and systemd do not have. Write it")
    print(f"into a file that only you can read, and under [accounts.{name}] of {path} add the second line:\n")
    print(f"  (umask 077; cat > {file})      # type it, Enter, Ctrl-D")
    print(f'  password_command = ["cat", "{file}"]\n')
    print(
        "A program that keeps passwords (pass, secret-tool) is better still. Until then a run ends with exit code 77."
    )


def _write(path: Path, answers: Answers, *, replace: bool) -> None:
    """Write the settings, if they are sound as a whole."""
    from pipeline.config import Config, ConfigError
    from pipeline.setup.writing import compose, write
    from pipeline.tables import TableError, parse

    text = compose(answers.name, answers.settings())
    try:
        parse(text.encode(), Config, "what was answered")
        write(path, text, replace=replace)
    except TableError as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None


def _first_run(interview: Interview, config: Path | None, state: Path | None, today: object) -> int:
    """Run for the first time, if somebody is there who wants it; return the exit code."""
    if not interview.asker.interactive:
        return 0
    where = ", ".join(interview.answers.deliver)
    print(f"\nThe first run stores what it reads, and the digest goes out ({where}).")
    if not interview.asker.yes("Do the first run now?"):
        print("Then nothing is read before the job below runs, or `parcel-digest run`.")
        return 0
    code = _run(config, state, today, dry=False)
    if code in (0, 1):
        print("All that is known now: parcel-digest show")
    return code


def _run(config: Path | None, state: Path | None, today: object, *, dry: bool) -> int:
    """Run once, *dry* without changing anything; return the exit code."""
    from pipeline.cli.run import run

    try:
        run(config=config, state=state, today=today, dry_run=dry)  # type: ignore[arg-type] # a date or None
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _say_how_to_go_on(config: Path | None, state: Path | None, *, systemd: bool) -> None:
    from pipeline.setup.schedule import command, cron_line, unit_folder, units

    places = [("--config", config), ("--state", state)]
    words = [*command(), "run", *(word for key, at in places if at for word in (key, str(at.absolute())))]
    print(f"\nTo run it every quarter of an hour, add this line with `crontab -e`:\n\n{cron_line(words)}\n")
    if not systemd:
        print("Or let systemd do it: parcel-digest init --systemd")
        return
    folder = unit_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in units(words).items():
        (folder / name).write_text(text, "utf-8")
        print(f"Written: {folder / name}")
    print("\nOr start the timer instead (a timer has no terminal: let the digest go to append or file):\n")
    print("systemctl --user daemon-reload\nsystemctl --user enable --now parcel-digest.timer")
    print("loginctl enable-linger          # it runs while you are logged out, too")
