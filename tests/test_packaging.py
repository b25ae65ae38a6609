"""What is published: sdist and wheel, built and installed where nothing else is; manual, completion, units."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from command import ROOT, clean_environment

from pipeline.cli.manual import manual
from pipeline.setup.schedule import UNITS, units

MAIL = ROOT / "fixtures" / "emails" / "aliexpress" / "2014-shipped-seed-shape.eml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def tool(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `uv tool install`: an environment of its own, with what the wheel asks for and nothing else."""
    folder = tmp_path_factory.mktemp("tool")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    assert uv
    environment = clean_environment() | {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    wheel = next(built.glob("*.whl"))
    words = [uv, "tool", "install", "--quiet", "--python", sys.executable, "-c", str(ROOT / "constraints.txt"), wheel]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def installed(tool: Path, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a home of its own, far from the checkout."""
    home = tool / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "PATH": os.defpath, "TZ": "Europe/Berlin", **more}
    return subprocess.run(
        [tool / "bin" / "parcel-digest", *words], cwd=home, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_has_every_file_of_the_package_and_no_other(built: Path) -> None:
    inside = {name for name in zipfile.ZipFile(next(built.glob("*.whl"))).namelist() if name.startswith("pipeline/")}
    own = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pipeline").rglob("*") if path.is_file()}
    own |= {
        f"pipeline/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "templates").rglob("*") if path.is_file()
    }
    assert inside == {name for name in own if "__pycache__" not in name}


def test_the_sdist_can_be_worked_on(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "pyproject.toml", "LICENSE", "README.md", "constraints.txt", "tests/test_packaging.py"} <= names
    assert not {name for name in names if re.search(r"__pycache__|\.venv|\.fuzz|config\.toml", name)}


def test_the_installed_command_reads_a_mail(tool: Path) -> None:
    done = installed(tool, "read", "--format", "json", MAIL)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["orders"] == ["65519797821543"]


def test_the_installed_command_makes_a_digest_as_a_page(tool: Path) -> None:
    words = ("--mailbox", ROOT / "fixtures" / "emails" / "story", "--today", "2026-11-23")
    done = installed(tool, "run", *words, PARCEL_DIGEST__DIGEST__DELIVER='["file"]')
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    page = tool / "home" / ".local" / "state" / "parcel-digest" / "digests" / "digest-2026-11-23.html"
    assert "Folding garden saw" in page.read_text("utf-8")


def test_the_installed_program_is_nobody_elses_to_change(tool: Path) -> None:
    assert installed(tool, "--version").stdout.startswith("parcel-digest ")
    assert installed(tool, "doctor").returncode == 0


def test_manual_and_completion_are_where_systems_look_for_them(tool: Path) -> None:
    share = next(tool.glob("tools/*/share"))
    for name in ("man/man1/parcel-digest.1", "bash-completion/completions/parcel-digest",
                 "zsh/site-functions/_parcel-digest", "fish/vendor_completions.d/parcel-digest.fish"):  # fmt: skip
        assert (share / name).read_bytes() == (ROOT / "share" / name).read_bytes()


def test_bash_completes_commands_and_options(tool: Path) -> None:
    script = ROOT / "share" / "bash-completion" / "completions" / "parcel-digest"
    ask = f"""source {script}; COMP_WORDS=(parcel-digest "$1"); COMP_CWORD=1
    _parcel_digest_completion {tool}/bin/parcel-digest; echo "${{COMPREPLY[@]}}" """
    for begun, expected in (("", "init"), ("ex", "explain"), ("do", "doctor")):
        done = subprocess.run(["bash", "-c", ask, "bash", begun], capture_output=True, text=True, check=True)
        assert expected in done.stdout.split()


# ── the manual ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_manual_tells_what_the_commands_tell() -> None:
    page = (ROOT / "share" / "man" / "man1" / "parcel-digest.1").read_text("utf-8")
    renew = "python -m pipeline.cli.manual > share/man/man1/parcel-digest.1 writes the manual anew"
    assert page == manual(), renew


def test_the_manual_has_nothing_that_man_takes_for_a_command_by_mistake() -> None:
    known = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".RI", ".RS", ".RE", ".nf", ".fi", ".br"}
    commands = {line.split()[0] for line in manual().splitlines() if line.startswith((".", "'"))}
    assert commands <= known


# ── systemd ─────────────────────────────────────────────────────────────────────────────────────────────────


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    assert program, "the tests need systemd-analyze: run tests/install-servers"
    environment = {"PATH": os.defpath, "SYSTEMD_LOG_LEVEL": "warning", "XDG_RUNTIME_DIR": "/tmp", "HOME": "/tmp"}
    return subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)


def system_unit(folder: Path) -> list[Path]:
    """The units for the whole machine, with a program that is there."""
    written = []
    for name in UNITS:
        text = (ROOT / "share" / "parcel-digest" / "systemd" / name).read_text("utf-8")
        (folder / name).write_text(text.replace("/usr/bin/parcel-digest", "/bin/true"), "utf-8")
        written.append(folder / name)
    return written


def test_systemd_takes_the_units_for_the_machine(tmp_path: Path) -> None:
    done = analyze("verify", "--man=no", *system_unit(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_takes_the_units_of_a_user(tmp_path: Path) -> None:
    for name, text in units(["/bin/true", "run", "--state", "/home/me/100% mine"]).items():
        (tmp_path / name).write_text(text, "utf-8")
    done = analyze("verify", "--man=no", "--user", *(tmp_path / name for name in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_for_the_machine_is_hardened(tmp_path: Path) -> None:
    # Exposure in tenths: 15 is "OK", the best class but one, which a program that speaks to the network cannot have.
    service = next(path for path in system_unit(tmp_path) if path.suffix == ".service")
    done = analyze("security", "--offline=yes", "--threshold=15", "--no-pager", service)
    assert done.returncode == 0, done.stdout[-300:]


# ── the container ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_container_file_copies_what_there_is_and_runs_as_nobody() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split())
    assert re.search(r"^USER 65534", text, re.MULTILINE)
    assert 'ENTRYPOINT ["parcel-digest"]' in text


def test_an_account_from_the_environment_alone_needs_no_file(tool: Path) -> None:
    done = installed(
        tool, "run", PARCEL_DIGEST_CONFIG="/nonexistent/config.toml", PARCEL_DIGEST__ACCOUNTS__HOME__HOST="127.0.0.1",
        PARCEL_DIGEST__ACCOUNTS__HOME__PORT="1", PARCEL_DIGEST__ACCOUNTS__HOME__ADDRESS="me@example.org",
        PARCEL_DIGEST_HOME_PASSWORD="x",
    )  # fmt: skip
    assert done.returncode == 75, done.stderr
