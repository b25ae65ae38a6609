"""Templates of the owner's own: they go before ours, see what is documented, and can reach nothing else."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from command import ROOT, parcel_digest, run_story
from digest_values import SUSPICIOUS, TODAY, UNREAD, ZONE, all_states

from pipeline.digest import Digest, compose
from pipeline.render import Form, render
from pipeline.render.card import Advice, Card, Number, Point
from pipeline.render.marks import Marks
from pipeline.render.page import index
from pipeline.render.templates import OwnTemplateError
from pipeline.render.view import BadMail, BadMails, Group, View

DIGEST = compose(TODAY, all_states(), [SUSPICIOUS], [UNREAD], None, ZONE)


def own(folder: Path, **templates: str) -> Digest:
    """The digest of an owner whose *folder* has these *templates*, by name without ``.j2``."""
    for name, text in templates.items():
        (folder / f"digest.{name}").write_text(text, encoding="utf-8")
    return replace(DIGEST, templates=str(folder))


def test_a_template_of_the_owners_goes_before_ours(tmp_path: Path) -> None:
    digest = own(tmp_path, **{"txt.j2": "{{ digest.subject }} on {{ digest.date }}\n"})
    assert render(digest, Form.TEXT) == f"{DIGEST.subject} on Monday, 23 November 2026\n"


def test_what_the_owner_does_not_have_is_ours(tmp_path: Path) -> None:
    assert render(own(tmp_path), Form.TEXT) == render(DIGEST, Form.TEXT)


def test_a_style_sheet_alone_can_be_changed(tmp_path: Path) -> None:
    digest = own(tmp_path, css='{% include "ours/digest.css" %}\nh1 { color: #123456 }\n')
    assert re.search(r"<h1 style=\"[^\"]*color: ?#123456", render(digest, Form.HTML))


def test_the_list_of_digests_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "index.html.j2").write_text("<p>{{ months | length }}</p>")
    assert "<p>1</p>" in index([("digest-2026-11-23.html", TODAY, "quiet")], "en", TODAY, str(tmp_path))


def test_values_are_escaped_in_every_page(tmp_path: Path) -> None:
    (tmp_path / "part.html").write_text("{{ '<script>' }}")
    assert "<script>" not in render(own(tmp_path, **{"html.j2": "<p>{% include 'part.html' %}</p>"}), Form.HTML)


HOSTILE = {
    "class": "{{ digest.__class__.__mro__ }}",
    "globals of say": "{{ say.__globals__ }}",
    "globals of a method": "{{ digest.subject.upper.__func__ }}",
    "os by lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "os by cycler": "{{ cycler.__init__.__globals__.os }}",
    "format": "{{ '{0.__class__}'.format(digest) }}",
    "attr": "{{ digest | attr('__class__') }}",
    "endless": "{% for each in range(10 ** 9) %}{% endfor %}",
    "file above": "{% include '../pyproject.toml' %}",
    "absolute file": "{% include '/etc/passwd' %}",
    "unknown name": "{{ password }}",
    "not a template": "{% if %}",
    "wrong type": "{{ digest.subject + 1 }}",
    "division": "{{ 1 / 0 }}",
    "recursion": "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
}


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_or_broken_template_is_refused_in_one_line(template: str, tmp_path: Path) -> None:
    with pytest.raises(OwnTemplateError) as caught:
        render(own(tmp_path, **{"txt.j2": template}), Form.TEXT)
    assert "\n" not in str(caught.value)
    assert "digest.txt.j2" in str(caught.value)


def test_a_sentence_of_a_template_reaches_into_no_object(tmp_path: Path) -> None:
    digest = own(tmp_path, **{"txt.j2": "{{ say('{digest.__class__}', digest=digest) }}"})
    assert render(digest, Form.TEXT) == "{digest.__class__}"


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(OwnTemplateError, match="/nowhere: there is no such folder"):
        render(replace(DIGEST, templates="/nowhere"), Form.TEXT)


@pytest.mark.parametrize("kind", [View, Group, Card, Number, Advice, Point, Marks, BadMail, BadMails])
def test_everything_that_templates_see_is_documented(kind: type) -> None:
    page = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    assert not {field.name for field in fields(kind)} - set(re.findall(r"`(?:\w+\.)?(\w+)`", page))


def test_the_setting_names_the_folder_and_a_fault_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(f'[digest]\ntemplates = "{tmp_path}"\n')
    run_story(tmp_path / "state")
    words = ("digest", "--config", settings, "--state", tmp_path / "state", "--today", "2026-11-23")
    (tmp_path / "digest.txt.j2").write_text("My own: {{ digest.groups | length }}\n")
    assert parcel_digest(*words).out.startswith("My own: ")
    (tmp_path / "digest.txt.j2").write_text("{{ nonsense }}")
    broken = parcel_digest(*words)
    assert (broken.code, broken.out, len(broken.complaints)) == (78, "", 1)
