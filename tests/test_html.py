"""HTML of mails: what a person would read, line by line, and what only machines read."""

from __future__ import annotations

import time

import pytest

from pipeline.model import Link
from pipeline.parse.html import MAX_LINKS, extract


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>one</p><p>two</p>", "one\ntwo", id="a block is a line"),
        pytest.param("one<br>two<br/><br>three", "one\ntwo\nthree", id="br breaks"),
        pytest.param("<div>a<div>b</div>c</div>", "a\nb\nc", id="nested blocks part the words around them"),
        pytest.param("<p><b>RB12345</b>6785<i>CN</i></p>", "RB123456785CN", id="inline elements break no code"),
        pytest.param("<p>RB123<wbr>456&shy;785&#8203;CN</p>", "RB123456785CN", id="invisible characters vanish"),
        pytest.param("<p><b>a</b> <i>b</i></p>", "a b", id="a blank between inline elements stays"),
        pytest.param("<p>a\n  b\t c&nbsp;&emsp;d</p>", "a b c d", id="white space collapses"),
        pytest.param("<p>A&amp;B &lt;1&gt; &#x4E2D;</p>", "A&B <1> 中", id="entities are decoded"),
        pytest.param("<p>x&#8206;y&#8238;z</p>", "xyz", id="bidi controls vanish"),
        pytest.param("<ul><li>a<li>b</ul>", "a\nb", id="list items without end tags"),
        pytest.param("<pre>a\n  b\nc</pre>", "a\nb\nc", id="lines of pre stay"),
        pytest.param("<p>１２３</p>", "１２３", id="full-width digits stay"),
        pytest.param("<title>t</title><style>p{}</style><script>x</script><p>y</p>", "y", id="no code, no title"),
        pytest.param("<p>a<!-- b --><!--[if mso]><p>c</p><![endif]--></p>", "a", id="no comments"),
        pytest.param("", "", id="nothing"),
        pytest.param("<p>a <p>b <div>c", "a\nb\nc", id="nothing is closed"),
    ],
)
def test_text_is_laid_out_as_a_reader_sees_it(html: str, text: str) -> None:
    assert extract(html).text == text


TABLE = "<table><tr><th>Order</th><th>Code</th><th>Carrier</th></tr><tr><td>11</td>{}<td>YT1</td></tr></table>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param(TABLE.format("<td>RB1</td>"), "Order\tCode\tCarrier\n11\tRB1\tYT1", id="cells are fields"),
        pytest.param(TABLE.format("<td></td>"), "Order\tCode\tCarrier\n11\t\tYT1", id="an empty cell keeps its field"),
        pytest.param(
            TABLE.format("<td> &zwnj;&nbsp; </td>"),
            "Order\tCode\tCarrier\n11\t\tYT1",
            id="a cell of invisible ones",
        ),
        pytest.param(
            "<table><tr><td>a</td><td>b</td></tr><tr><td></td><td>c</td></tr></table>",
            "a\tb\n\tc",
            id="an empty first cell keeps the column",
        ),
        pytest.param(
            "<table><tr><td colspan=2>a</td><td>b</td></tr></table>",
            "a\t\tb",
            id="a wide cell takes its columns",
        ),
        pytest.param("<table><tr><td></td><td>a</td><td></td></tr></table>", "a", id="spacer cells are no fields"),
        pytest.param(
            "<table><tr><td>a<br>b</td><td>c</td></tr></table>",
            "a\nb\nc",
            id="cells of several lines stand alone",
        ),
        pytest.param(
            "<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td><td>c</td></tr></table>",
            "a\nb\nc",
            id="layout tables glue nothing",
        ),
        pytest.param(
            "<table><tr><td><table><tr><td>No.</td><td>7</td></tr></table></td></tr></table>",
            "No.\t7",
            id="a data table inside a layout table",
        ),
        pytest.param("<table><caption>Yours</caption><tr><td>a</td></tr></table>", "Yours\na", id="caption above"),
        pytest.param("<tr><td>a</td><td>b</td></tr>", "ab", id="cells without a table are no cells"),
    ],
)
def test_tables(html: str, text: str) -> None:
    assert extract(html).text == text


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "color:red; DISPLAY : NONE !important",
        "visibility:hidden",
        "font-size:0",
        "font-size: 0px;",
        "max-height:0px;overflow:hidden",
    ],
)
def test_hidden_text_is_not_read(style: str) -> None:
    assert extract(f'<div style="{style}">secret</div><p>shown</p>').text == "shown"


@pytest.mark.parametrize(
    "style",
    [
        "mso-hide:all",
        "font-size:0.9em",
        "font-size:10px",
        "max-height:01px",
        "display:inline",
        "line-height:0",
    ],
)
def test_shown_text_is_read(style: str) -> None:
    assert extract(f'<div style="{style}">shown</div>').text == "shown"


def test_a_size_of_its_own_shows_text_in_a_container_of_size_zero() -> None:
    html = '<td style="font-size:0"><div style="font-size:14px">shown</div> gap</td>'
    assert extract(f"<table><tr>{html}</tr></table>").text == "shown"


def test_the_hidden_attribute_hides_text_and_links() -> None:
    page = extract('<div hidden>secret <a href="https://x.example/">l</a></div>shown')
    assert (page.text, page.links) == ("shown", ())


@pytest.mark.parametrize(
    ("html", "links"),
    [
        pytest.param(
            '<a href="https://x.example/t?a=1&amp;o_ids=2%2C3">Track <b>it</b></a>',
            [Link("https://x.example/t?a=1&o_ids=2%2C3", "Track it")],
            id="entities are decoded, percents stay",
        ),
        pytest.param('<a href=" https://x.example/\n a ">x</a>', [Link("https://x.example/%20a", "x")], id="trimmed"),
        pytest.param('<a href="mailto:a@b.example">x</a><a href="javascript:1">y</a><a>z</a>', [], id="web only"),
        pytest.param('<a href="/relative">x</a><form action="https://x.example/"></form>', [], id="no forms"),
        pytest.param(
            '<map><area href="https://x.example/" alt="Map"></map>',
            [Link("https://x.example/", "Map")],
            id="area",
        ),
        pytest.param(
            '<a href="https://x.example/"><img></a><a href="https://x.example/">Track</a>',
            [Link("https://x.example/", "Track")],
            id="the same link once, with its words",
        ),
        pytest.param(
            '<a href="https://x.example/"><table><tr><td>Track</td><td>now</td></tr></table></a>',
            [Link("https://x.example/", "Track now")],
            id="a link around a table",
        ),
    ],
)
def test_links(html: str, links: list[Link]) -> None:
    assert list(extract(html).links) == links


def test_a_picture_speaks_only_where_it_is_all_that_a_link_has() -> None:
    page = extract('<img alt="Logo"><a href="https://x.example/"><img alt="Track"></a>')
    assert (page.text, page.links[0].text) == ("Track", "Track")


def test_links_are_capped_and_the_cap_is_told() -> None:
    page = extract("".join(f'<a href="https://x.example/{n}">x</a>' for n in range(MAX_LINKS + 50)))
    assert len(page.links) == MAX_LINKS
    assert "links" in page.defects[0]


def test_json_ld_is_given_raw_even_if_broken() -> None:
    html = '<script type="application/LD+JSON"> {"@type": "Order",} </script><script>var a</script>'
    assert extract(html).markup == ('{"@type": "Order",}',)


def test_microdata_keeps_document_order_and_nesting_even_where_hidden() -> None:
    html = """<div itemscope itemtype="http://schema.org/ParcelDelivery" style="display:none">
        <meta itemprop="trackingNumber" content="RB1"><link itemprop="trackingUrl" href="https://x.example/?a=1&amp;b">
        <div itemprop="carrier" itemscope itemtype="http://schema.org/Organization">
            <span itemprop="name">A <b>B</b></span></div>
        <time itemprop="expectedArrivalUntil" datetime="2026-11-30">soon</time>
        <a itemprop="url" href="https://y.example">z</a>
    </div>"""
    assert extract(html).microdata == (
        ("itemtype", "http://schema.org/ParcelDelivery"),
        ("trackingNumber", "RB1"),
        ("trackingUrl", "https://x.example/?a=1&b"),
        ("carrier", ""),
        ("itemtype", "http://schema.org/Organization"),
        ("name", "A B"),
        ("expectedArrivalUntil", "2026-11-30"),
        ("url", "https://y.example"),
    )


FONTS = "".join(f"<font color={n}>" for n in range(1000))
ATTRIBUTES = " ".join(f"a{n}" for n in range(100_000))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 200_000, id="depth"),
        pytest.param("<ul><li>" * 100_000, id="depth by lists"),
        pytest.param("<table><tr><td>" * 60_000, id="depth by tables"),
        pytest.param("<b><div>" * 50_000 + "</b>" * 50_000, id="misnested formatting"),
        pytest.param(f"<p>{FONTS}</p>" + "<p>x" * 200_000, id="formatting opened again in every block"),
        pytest.param(f"<a {ATTRIBUTES}>", id="attributes"),
        pytest.param(f'<a x=">" {ATTRIBUTES}>', id="attributes behind a quoted end"),
        pytest.param(f'<a x="<" {ATTRIBUTES} <b>', id="attributes behind a quoted beginning"),
        pytest.param('<p style="font:' + "1" * 1_000_000 + '">', id="a long style"),
        pytest.param("<" * 1_000_000, id="nothing but beginnings"),
        pytest.param('<a b="' * 150_000, id="quotes never closed"),
        pytest.param("<p itemprop=x>" * 70_000, id="microdata"),
    ],
)
def test_a_hostile_megabyte_takes_a_moment_only(html: str) -> None:
    started = time.process_time()
    extract(html)
    assert time.process_time() - started < 2


def test_a_long_text_passes_the_taming_unchanged() -> None:
    assert extract("<p>" + "word " * 20_000 + "</p>").text == " ".join(["word"] * 20_000)


def test_a_picture_inside_of_the_mail_leaves_no_trace() -> None:
    assert extract('<p>a<img src="data:image/png;base64,' + "ab/c" * 10_000 + '">b</p>').text == "ab"
