"""The web page in a real browser: what people do with it, by mouse, keyboard, phone and screen reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

WISH = "A comedy under 100 minutes, no horror, on Netflix"
Open = Callable[..., Any]


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Any]:
    """The page in a window of its own; nothing may be logged as an error."""
    yield from _window(chromium, site, viewport={"width": 1280, "height": 860})


@pytest.fixture
def phone(chromium: Any, site: str) -> Iterator[Any]:
    """The page on a small phone in the dark."""
    size = {"width": 360, "height": 740}
    yield from _window(chromium, site, viewport=size, has_touch=True, color_scheme="dark", device_scale_factor=2)


def _window(chromium: Any, site: str, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(**options)
    context.set_default_timeout(10_000)
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda m: errors.append(m.text) if m.type == "error" and "Failed to load" not in m.text else None
    )
    page.on("dialog", lambda dialog: errors.append(f"alert: {dialog.message}"))
    page.goto(site)
    page.wait_for_selector(".wall li")
    yield page
    context.close()
    assert errors == []


def _ask(page: Any, text: str) -> None:
    """Type a turn, and wait until its answer is whole."""
    page.fill("#ask", text)
    page.keyboard.press("Enter")
    _answered(page, text)


def _answered(page: Any, text: str) -> None:
    page.wait_for_function(
        "text => [...document.querySelectorAll('.turn')].at(-1)?.querySelector('.asked').textContent === text"
        " && document.querySelector('#send').type === 'submit'",
        arg=text,
    )
    page.wait_for_timeout(50)


def _films(page: Any) -> list[str]:
    titles: list[str] = page.locator(".turn").last.locator(".film h3").all_inner_texts()
    return titles


def _chips(page: Any) -> list[str]:
    found: list[str] = page.locator(".turn").last.locator(".chip").all_inner_texts()
    return found


def _picture(page: Any, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(300)
    page.screenshot(path=folder / f"{name}.png")


@pytest.fixture(scope="module")
def pictures() -> Path:
    """Where screenshots go; nothing reads them but people."""
    return Path(__file__).parents[2] / "build" / "pictures"


def test_an_evening(page: Any, pictures: Path) -> None:
    _picture(page, pictures, "welcome")
    _ask(page, WISH)
    first = _films(page)
    assert len(first) == 5 and _chips(page) == [
        "at most 99 min",
        "Comedy",
        "no Horror",
        "not checked: streaming service",
    ]
    assert page.locator(".words").inner_text() == "Here are 5 that keep every limit:"  # the cards tell the rest
    page.wait_for_selector(".film .meta b")
    _picture(page, pictures, "page")

    page.get_by_role("button", name="Remove the limit: at most 99 min").click()
    _answered(page, "Forget the length.")
    assert _chips(page) == ["Comedy", "no Horror"] and not set(first) & set(_films(page))

    _ask(page, "What is Parasite about?")
    source = page.locator(".turn").last.locator("details")
    assert not source.locator("blockquote").is_visible()
    source.locator("summary").click()
    assert "half-basement" in source.locator("blockquote").inner_text()
    assert source.locator("small").inner_text() == "CC BY-SA 4.0 · films.test"
    assert source.locator("a").get_attribute("rel") == "noopener noreferrer"
    _picture(page, pictures, "source")

    page.get_by_role("button", name="Who directed the first?").click()
    _answered(page, "Who directed the first?")
    assert page.locator(".turn").count() == 4
    page.reload()
    page.get_by_role("button", name=WISH, exact=True).click()
    assert page.locator(".turn").count() == 4 and _chips(page.locator(".turn").first.locator("..")) != []
    page.get_by_role("button", name=f"Delete: {WISH}").click()
    assert page.locator(".turn").count() == 0 and page.locator(".chats li").count() == 0


def test_films_that_are_marked_are_not_suggested(page: Any) -> None:
    _ask(page, "A comedy")
    first = _films(page)[0]
    button = page.locator(".film").first.get_by_role("button", name="Seen it")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert "1 seen" in page.locator("#marks").inner_text()
    page.locator(".film").nth(1).get_by_role("button", name="Not for me").click()
    page.get_by_role("button", name="New chat").click()
    _ask(page, "A comedy")
    assert first not in _films(page)
    page.get_by_role("button", name="Forget my films").click()
    page.get_by_role("button", name="New chat").click()
    _ask(page, "A comedy")
    assert _films(page)[0] == first


def test_a_question_is_edited(page: Any) -> None:
    _ask(page, "A comedy")
    _ask(page, "Who directed Parasite?")
    page.locator(".mine").first.hover()
    page.get_by_role("button", name="Edit: A comedy").click()
    assert page.input_value("#ask") == "A comedy" and page.locator(".turn").count() == 0
    _ask(page, "A drama")
    assert _chips(page) == ["Drama"] and page.locator(".turn").count() == 1


def test_more_like_this_asks(page: Any) -> None:
    _ask(page, "Who directed Parasite?")
    with page.expect_request("**/v1/chat/completions") as asked:
        page.get_by_role("button", name="More films like Parasite (2019)").click()
    last = asked.value.post_data_json["messages"][-1]
    assert last == {"role": "user", "content": "More films like Parasite (2019)", "like": "tt6751668"}
    _answered(page, "More films like Parasite (2019)")
    assert page.locator(".turn").count() == 2


def test_a_button_leads_back_to_the_end(page: Any) -> None:
    for _ in range(2):
        _ask(page, "A comedy")
    end = page.get_by_role("button", name="To the latest answer")
    page.locator("main").evaluate("e => e.scrollTop = 0")
    end.click()
    end.wait_for(state="hidden")
    left = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
    assert page.locator("main").evaluate(left) < 240


def test_conversations_stand_under_their_day(page: Any) -> None:
    _ask(page, "A comedy")
    page.evaluate(
        """() => { const all = JSON.parse(localStorage["moviechat.chats"]);
        const old = (id, title, days) => ({ ...all[0], id, title, at: Date.now() - days * 86400000 });
        const three = [all[0], old("b", "Two days", 2), old("c", "Long ago", 40)];
        localStorage["moviechat.chats"] = JSON.stringify(three); }"""
    )
    page.reload()
    said = page.locator(".chats li").all_inner_texts()
    assert [text.strip() for text in said] == ["Today", "A comedy", "This week", "Two days", "Earlier", "Long ago"]


def test_a_list_is_brought(page: Any, pictures: Path) -> None:
    rows = (
        "Date,Name,Year,Letterboxd URI,Rating\r\n2021-01-01,Parasite,2019,u,5\r\n2021-01-01,Cats and Llamas,2019,,1\n"
    )
    upload = {"name": "ratings.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.set_input_files("#file", upload)
    dialog = page.locator("#report")
    dialog.wait_for()
    assert dialog.locator("dd").all_inner_texts() == ["2", "1", "1", "1", "0", "0"]
    dialog.locator("summary").click()
    assert "Cats and Llamas (2019)" in dialog.inner_text() and "no film of that title" in dialog.inner_text()
    _picture(page, pictures, "list")
    dialog.get_by_role("button", name="Use it").click()
    assert page.locator("#marks").inner_text().startswith("1 seen, 1 loved")
    page.set_input_files("#file", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no"})
    page.get_by_text("x.zip is no whole zip archive").wait_for()


def test_a_failing_backend_is_told_and_tried_again(page: Any, pictures: Path) -> None:
    _ask(page, "please fail once")
    assert "does not answer at the moment" in page.locator(".failed").inner_text()
    _picture(page, pictures, "failure")
    page.get_by_role("button", name="Try again").click()
    page.locator(".film").first.wait_for()
    assert page.locator(".failed").count() == 0 and page.locator(".turn").count() == 1


def test_nothing_that_is_shown_is_run(page: Any) -> None:
    _ask(page, "What is <img src=x onerror=alert(1)> about?")
    page.locator("summary").last.click()
    turn = page.locator(".turn").last
    assert "A *text* with <script>alert(2)</script> in it." in turn.inner_text()
    assert page.locator(".film h3").inner_text().startswith("<img src=x onerror=alert(1)>")
    assert turn.locator("img, script, b b").count() == 0


def test_an_answer_is_stopped(page: Any, cinema: Any) -> None:
    cinema.pause = 0.1
    try:
        page.fill("#ask", "A drama")
        page.keyboard.press("Enter")
        page.locator(".caret").wait_for()
        page.keyboard.press("Escape")
        page.wait_for_selector("#send[type=submit]")
        assert 0 < len(page.locator(".words").inner_text().split()) < 20
    finally:
        cinema.pause = 0.0
    _ask(page, "Who directed Parasite?")
    assert "Bong Joon Ho" in page.locator(".words").last.inner_text()


def test_the_keyboard_is_enough(page: Any) -> None:
    page.locator("body").press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("A comedy")
    page.keyboard.press("Enter")
    _answered(page, "A comedy")
    page.keyboard.press("ArrowUp")
    assert page.input_value("#ask") == "A comedy"
    page.fill("#ask", "")
    names = set()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        names.add(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
        )
    assert {"Remove the limit: Comedy", "Anything shorter?", "5 sources", "New chat", "Bring your list"} <= names
    assert any(name.startswith("Seen it: ") for name in names)
    page.get_by_role("button", name="Remove the limit: Comedy").focus()
    page.keyboard.press("Enter")
    _answered(page, "It need not be Comedy.")


def test_a_phone(phone: Any, pictures: Path) -> None:
    assert phone.evaluate("document.documentElement.dataset.theme") == "dark"
    _ask(phone, "A comedy under 100 minutes, no horror")
    phone.wait_for_selector(".film .meta b")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    wide = "[...document.querySelectorAll('.stage *')].filter(e => e.getBoundingClientRect().right > 361).length"
    assert phone.evaluate(wide) == 0
    _picture(phone, pictures, "phone")
    phone.get_by_role("button", name="Conversations").click()
    assert phone.locator("#side").evaluate("e => getComputedStyle(e).visibility") == "visible"
    phone.keyboard.press("Escape")
    assert phone.get_by_role("button", name="Conversations").get_attribute("aria-expanded") == "false"


def test_a_key_is_asked_for_and_kept(chromium: Any, closed_site: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(closed_site)
    for key in ("wrong", "open sesame"):
        page.get_by_label("API key").wait_for()
        page.get_by_label("API key").fill(key)
        page.keyboard.press("Enter")
    page.wait_for_selector(".wall li")
    _ask(page, "Who directed Parasite?")
    assert "Bong Joon Ho" in page.locator(".words").inner_text()
    page.reload()
    page.wait_for_selector(".wall li")
    context.close()


def test_a_conversation_is_copied_and_exported(page: Any) -> None:
    _ask(page, "Who directed Parasite?")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export this conversation").click()
    assert download.value.suggested_filename == "Who directed Parasite.md"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "**You:** Who directed Parasite?" in text and "> directors: Bong Joon Ho" in text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_finding_of_axe(page: Any, theme: str) -> None:
    import axe_playwright_python

    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.evaluate(axe)
    assert _serious(page) == []  # the welcome
    _ask(page, WISH)
    page.locator("summary").last.click()
    page.locator(".film").first.get_by_role("button", name="Seen it").click()
    page.wait_for_timeout(300)
    assert _serious(page) == []


def _serious(page: Any) -> list[str]:
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        json.dumps({v["id"]: [n["html"][:160] for n in v["nodes"]]})
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
