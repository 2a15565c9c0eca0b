"""The page of a class in Chromium: sorted by keys, readable on a telephone, light and dark, and silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from grader.batch import ClassReport
from grader.desk.class_page import class_page
from grader.desk.handed_in import HandedIn
from grader.desk.roll import Roll
from grader.desk.tally import tally
from grader.judging import GRADED, CellScore, Result
from grader.platforms import Person

pytestmark = pytest.mark.browser
LAB, NAMES = "lab01_perceptron", ("ada", "bob", "cleo", "dan")
MISTAKE = "the biases are added <after> g"
HOSTILE = "<img src=https://evil.example/x.png onerror=document.title='run'>"


def entry(score: float, mistake: str | None = None) -> dict[str, object]:
    outcome = "passed" if score == 5 else "failed"
    made = {"title": "t", "outcome": outcome, "score": score, "max_score": 5.0, "message": "y differs", "mistake": mistake}
    return {"score": score, "max_score": 5.0, "first": "", "checks": [made]}


def result(student: str, first: float, second: float) -> Result:
    exercises = {"forward": entry(first, None if first == 5 else MISTAKE), "backward": entry(second)}
    cells = {f"{name}_check": CellScore(float(str(found["score"])), 5.0) for name, found in exercises.items()}
    return Result(student, LAB, "d", GRADED, score=first + second, max_score=10.0, cells={LAB: cells}, exercises=exercises)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scores = zip(NAMES, (5.0, 0.0, 2.5, 5.0), (0.0, 5.0, 5.0, 2.5), strict=True)
    report = ClassReport({name: result(name, *both) for name, *both in scores}, {}, missing=["eve"], trouble=HOSTILE)
    people = {name: Person(name, name.title(), HOSTILE, section="north" if name < "c" else "south") for name in (*NAMES, "eve")}
    links = dict.fromkeys((*NAMES, "eve"), "")
    example = {0: "def forward(X):\n    return X"}
    page = class_page(LAB, report, tally(report, {}), Roll(people), example, links, HandedIn(), datetime(2026, 1, 1))
    path = tmp_path_factory.mktemp("desk") / "class.html"
    path.write_bytes(page)
    return path


@pytest.fixture(params=[("light", 1200), ("dark", 390)], ids=["light", "dark, on a telephone"])
def seen(written: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, opened from the disk; whatever it asks for or complains of fails the test."""
    scheme, width = request.param
    with browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 850}) as page:
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(written.as_uri())
        yield page
        assert asked == [written.as_uri()]
        assert told == []
        assert page.title() == f"{LAB}: the class"


def names(page: Page) -> list[str]:
    return [text.split()[0] for text in page.locator("#students tbody tr:visible th").all_inner_texts()]


def test_it_is_sorted_by_keys_and_says_so(seen: Page) -> None:
    head = seen.get_by_role("columnheader", name="forward")
    head.get_by_role("button").focus()
    seen.keyboard.press("Enter")
    assert names(seen) == ["Bob", "Cleo", "Ada", "Dan", "Eve"]
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(seen.get_by_role("status")).to_have_text("Sorted by forward, lowest first.")
    seen.keyboard.press("Space")
    assert names(seen) == ["Ada", "Dan", "Cleo", "Bob", "Eve"]  # whoever has nothing comes last in both
    expect(head).to_have_attribute("aria-sort", "descending")


def test_who_made_a_mistake_comes_first(seen: Page) -> None:
    seen.locator("#mistakes .mistake summary").first.click()
    seen.get_by_role("button", name="show first in the table").click()
    assert names(seen)[:2] == ["Bob", "Cleo"]
    expect(seen.get_by_role("status")).to_have_text("2 made it and come first, each with a mark before the name.")
    assert seen.locator("tr.made").count() == 2


def test_one_section_or_one_name_is_shown(seen: Page) -> None:
    seen.get_by_label("Section").select_option("south")
    assert names(seen) == ["Cleo", "Dan", "Eve"]
    seen.get_by_label("Name").fill("da")
    assert names(seen) == ["Dan"]
    expect(seen.get_by_role("status")).to_have_text("1 of 5 students are shown.")


def test_everything_has_a_name_for_whoever_listens(seen: Page) -> None:
    expect(seen.get_by_role("img", name="Half of the class has 62 percent of the points or more")).to_be_visible()
    expect(seen.get_by_role("cell", name="partly right, 2.5 of 5").first).to_be_visible()
    expect(seen.get_by_role("region", name="Students, exercise by exercise")).to_be_visible()
    unnamed = seen.locator("button, select, input, a").evaluate_all(
        "all => all.filter(one => !one.textContent.trim() && !one.labels?.length).length"
    )
    assert unnamed == 0


def test_nothing_is_wider_than_the_window(seen: Page) -> None:
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(seen.get_by_text("3 of 4").or_(seen.get_by_text("2 of 4")).first).to_be_in_viewport()


def test_words_stand_out_from_what_is_below_them(seen: Page) -> None:
    """WCAG's contrast of 4.5 for the words in the strip."""
    worst = seen.evaluate("""() => {
      const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      return Math.min(...[...document.querySelectorAll("td.r, td.p, td.w")].map(cell => {
        const style = getComputedStyle(cell), both = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
        return (both[0] + 0.05) / (both[1] + 0.05);
      }));
    }""")
    assert worst > 4.5
