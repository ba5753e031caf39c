"""The list of customers: found by any writing of name or phone, sorted, and turned page by page."""

from tests.journeys.conftest import Visit
from tests.journeys.stories import STAYING, Story, name_person, phone_person, tell_persian
from tests.journeys.words import PERSIAN_DIGITS, Words, plain

STORY: Story = tell_persian()
PEOPLE = STORY.staying + STORY.leaving + STORY.newcomers + STORY.returning


def test_a_name_is_found_in_any_letters(visit: Visit, words: Words) -> None:
    page = visit("/customers/", words.language)
    for asked in ("علی کریمی", "علي كريمي"):  # Persian letters, and those of the file
        page.locator("input[name=q]").fill(asked)
        with page.expect_response(lambda answer: "/customers/?" in answer.url):
            page.locator("input[name=q]").press("Enter")
        page.wait_for_function("() => document.querySelectorAll('main tbody tr').length === 1")
        assert plain(page.inner_text("main tbody th")) == name_person(0)
        assert page.locator("input[name=q]").input_value() == asked


def test_a_phone_is_found_as_people_write_it(visit: Visit, words: Words) -> None:
    written = phone_person(1)
    persian = written.translate(PERSIAN_DIGITS)
    for asked in (written, written.replace(" ", ""), f"+98{written.replace(' ', '')[1:]}", persian):
        page = visit(f"/customers/?q={asked.replace('+', '%2B')}", words.language)
        assert [plain(text) for text in page.locator("main tbody th").all_inner_texts()] == [name_person(1)]
        page.close()


def test_nobody_found_says_what_to_do(visit: Visit, words: Words) -> None:
    page = visit("/customers/?q=zzzz", words.language)
    assert words("Nobody found") in page.inner_text("main")
    page.get_by_role("link", name=words("Show all")).click()
    page.wait_for_url("**/customers/")
    assert page.locator("main tbody tr").count() == 50


def test_names_stand_in_the_order_of_persian(visit: Visit) -> None:
    page = visit("/customers/")
    firsts = [plain(text).split()[0] for text in page.locator("main tbody th").all_inner_texts()]
    # پ before ح before ژ before ع before ک and گ before م: not the order of the letters' codes.
    order = ["پريسا", "حسين", "ژاله", "علي", "كامران", "گلنار", "مريم"]
    assert list(dict.fromkeys(firsts)) == order[: len(set(firsts))]
    assert page.locator("th[aria-sort=ascending]").count() == 1


def test_sorting_and_the_next_page_lose_nobody(visit: Visit, words: Words) -> None:
    page = visit("/customers/", words.language)
    page.locator("main thead").get_by_role("link", name=words("Orders")).click()
    page.wait_for_url("**sort=orders**")
    orders = [plain(text) for text in page.locator("main tbody td.cell-num:nth-of-type(5)").all_inner_texts()]
    assert orders[: STORY.staying] == [words.number(len(STAYING))] * STORY.staying
    seen = page.locator("main tbody th a").evaluate_all("links => links.map(link => link.pathname)")
    page.locator("a[rel=next]").click()
    page.wait_for_url("**after=**")
    assert "sort=orders" in page.url
    seen += page.locator("main tbody th a").evaluate_all("links => links.map(link => link.pathname)")
    assert (len(seen), len(set(seen))) == (PEOPLE, PEOPLE)
    page.locator("a[rel=prev]").click()
    page.wait_for_url("**before=**")
    assert page.locator("main tbody tr").count() == 50


def test_the_lost_can_be_filtered(visit: Visit, words: Words) -> None:
    page = visit("/customers/?rule=purchase:60d&state=lost", words.language)
    assert page.locator("main tbody tr").count() == STORY.leaving
