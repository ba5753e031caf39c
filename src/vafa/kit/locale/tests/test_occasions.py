import json
from datetime import date, timedelta
from itertools import pairwise

import pytest

from vafa.kit.locale.errors import OccasionsBroken
from vafa.kit.locale.occasion_files import read_occasion_file
from vafa.kit.locale.occasions import PACKAGED_FOLDER, load_occasions
from vafa.kit.locale.style import LANGUAGES
from vafa.lab.calendars import split_date

PACKAGED = sorted(PACKAGED_FOLDER.glob("*.json"))
YEAR_1404 = (date(2025, 3, 21), date(2026, 3, 21))


def find(calendar, key, start, end):
    return [dated for dated in calendar.list_between(start, end) if dated.occasion.key == key]


def write(folder, occasions, country="IR", name="mine.json", **more):
    content = {"format": 1, "country": country, "occasions": occasions, **more}
    (folder / name).write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_packaged_files_are_whole(path):
    file = read_occasion_file(path)
    assert file.country.lower() == path.stem
    for entry in file.entries:
        assert set(entry.names) == set(LANGUAGES), entry.key
        assert entry.yearly or entry.dates, entry.key
        starts = [given.start for given in entry.dates]
        assert starts == sorted(starts), entry.key


def test_nowruz_is_the_first_four_days_of_every_jalali_year():
    iran = load_occasions("IR")
    nowruz = find(iran, "nowruz", date(2020, 1, 1), date(2031, 1, 1))
    assert len(nowruz) == 11
    assert all(split_date(dated.occasion.start, "jalali")[1:] == (1, 1) for dated in nowruz)
    assert {dated.occasion.end - dated.occasion.start for dated in nowruz} == {timedelta(days=4)}
    assert {dated.day_off for dated in nowruz} == {"full"}


def test_irans_lunar_days_are_its_own():
    iran = load_occasions("IR")
    (ashura,) = find(iran, "ashura", *YEAR_1404)
    assert (ashura.occasion.start, ashura.occasion.solemn, ashura.sure) == (date(2025, 7, 6), True, True)
    assert split_date(ashura.occasion.start, "hijri")[1:] == (1, 11)  # a day after Umm al-Qura's
    (fitr,) = find(iran, "eid_al_fitr", date(2026, 3, 15), date(2026, 4, 1))
    assert split_date(fitr.occasion.start, "jalali") == (1405, 1, 1)
    assert fitr.get_name("fa") == "عید فطر"
    assert not find(iran, "ashura", date(2026, 6, 1), date(2026, 7, 30))[0].sure


def test_each_of_irans_lunar_days_comes_once_a_lunar_year():
    iran = load_occasions("IR")
    for entry in iran.entries:
        if entry.yearly is None and entry.key not in ("black_friday", "chaharshanbe_suri"):
            starts = [given.start for given in entry.dates]
            gaps = {(later - earlier).days for earlier, later in pairwise(starts)}
            assert gaps <= {353, 354, 355, 356}, entry.key


def test_irans_lunar_dates_are_umm_al_quras_or_a_day_later():
    iran = load_occasions("IR")
    for key, month, day in (("ashura", 1, 10), ("tasua", 1, 9), ("arbaeen", 2, 20), ("eid_al_fitr", 10, 1)):
        for dated in find(iran, key, date(2023, 1, 1), date(2028, 1, 1)):
            later = [split_date(dated.occasion.start - timedelta(days=n), "hijri")[1:] for n in (0, 1)]
            assert (month, day) in later, key


def test_china_has_make_up_work_days_on_weekends():
    china = load_occasions("CN")
    work = find(china, "makeup_work_day", date(2026, 1, 1), date(2027, 1, 1))
    days = [dated.occasion.start for dated in work]
    assert [f"{day:%m-%d}" for day in days] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    every = find(china, "makeup_work_day", date(2024, 1, 1), date(2027, 1, 1))
    assert all(dated.occasion.start.weekday() >= 5 and dated.day_off == "work" for dated in every)
    (spring,) = find(china, "spring_festival", date(2026, 1, 1), date(2027, 1, 1))
    assert (spring.occasion.start, spring.occasion.end) == (date(2026, 2, 15), date(2026, 2, 24))


def test_what_is_not_announced_is_said():
    china = load_occasions("CN")
    assert china.is_announced(date(2026, 1, 1), date(2027, 1, 1))
    assert not china.is_announced(date(2026, 12, 1), date(2027, 2, 1))
    assert load_occasions("SA").is_announced(date(2030, 1, 1), date(2031, 1, 1))


def test_islamic_days_by_a_calendar_are_not_sure():
    saudi = load_occasions("SA")
    (ramadan,) = find(saudi, "ramadan", date(2026, 1, 1), date(2026, 12, 31))
    assert split_date(ramadan.occasion.start, "hijri")[1:] == (9, 1)
    assert split_date(ramadan.occasion.end, "hijri")[1:] == (10, 1)
    assert not ramadan.sure
    (national,) = find(saudi, "national_day", date(2026, 1, 1), date(2027, 1, 1))
    assert (national.occasion.start, national.sure) == (date(2026, 9, 23), True)


def test_a_country_without_a_file_has_the_worlds_days():
    keys = {
        dated.occasion.key for dated in load_occasions("DE").list_between(date(2026, 1, 1), date(2027, 1, 1))
    }
    assert {"new_year", "black_friday", "christmas"} <= keys


def test_an_occasion_that_began_before_the_period_is_still_in_it():
    iran = load_occasions("IR")
    assert find(iran, "nowruz", date(2026, 3, 23), date(2026, 3, 24))
    assert find(iran, "nowruz_lull", date(2026, 3, 30), date(2026, 3, 31))
    assert not find(iran, "nowruz", date(2026, 3, 25), date(2026, 3, 26))


def test_the_owner_corrects_a_date_the_night_before(tmp_path):
    write(tmp_path, [{"key": "ashura", "solemn": True, "dates": [{"start": "2026-06-25"}]}])
    iran = load_occasions("IR", tmp_path)
    (ashura,) = find(iran, "ashura", date(2026, 5, 1), date(2026, 8, 1))
    assert (ashura.occasion.start, ashura.sure) == (date(2026, 6, 25), True)
    assert ashura.get_name("en") == "Ashura"
    assert find(iran, "ashura", *YEAR_1404)[0].occasion.start == date(2025, 7, 6)


def test_a_given_date_replaces_a_computed_one(tmp_path):
    write(tmp_path, [{"key": "eid_al_fitr", "dates": [{"start": "2026-03-21", "days": 3}]}], country="SA")
    eids = find(load_occasions("SA", tmp_path), "eid_al_fitr", date(2026, 1, 1), date(2028, 1, 1))
    assert [(dated.occasion.start, dated.sure) for dated in eids[:1]] == [(date(2026, 3, 21), True)]
    assert len(eids) == 2


def test_the_owner_adds_and_removes_occasions(tmp_path):
    own = {
        "key": "jubilee",
        "names": {"en": "Jubilee"},
        "yearly": {"calendar": "gregorian", "month": 2, "day": 29},
    }
    write(tmp_path, [own, {"key": "black_friday", "remove": True}])
    write(
        tmp_path, [{"key": "elsewhere", "dates": [{"start": "2026-01-01"}]}], country="CN", name="other.json"
    )
    iran = load_occasions("IR", tmp_path)
    found = find(iran, "jubilee", date(2023, 1, 1), date(2029, 1, 1))
    assert [dated.occasion.start for dated in found] == [date(2024, 2, 29), date(2028, 2, 29)]
    assert found[0].get_name("fa") == "Jubilee"
    assert not find(iran, "black_friday", date(2020, 1, 1), date(2030, 1, 1))
    assert not find(iran, "elsewhere", date(2020, 1, 1), date(2030, 1, 1))


def test_the_owner_extends_what_is_announced(tmp_path):
    write(tmp_path, [], country="CN", covered={"from": "2027-01-01", "to": "2028-01-01"})
    assert load_occasions("CN", tmp_path).is_announced(date(2026, 12, 1), date(2027, 2, 1))
    write(tmp_path, [], country="CN", covered={"from": "2028-01-01", "to": "2029-01-01"})
    assert not load_occasions("CN", tmp_path).is_announced(date(2028, 1, 1), date(2028, 2, 1))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("not json", "-"),
        ("[]", "-"),
        ('{"format": 2}', "format"),
        ('{"format": 1, "occasions": []}', "country"),
        ('{"format": 1, "country": "IR"}', "occasions"),
        ('{"format": 1, "country": "IR", "occasions": [{}]}', "occasions[0].key"),
        ('{"format": 1, "country": "IR", "occasions": [{"key": "a"}, {"key": "a"}]}', "occasions[1].key"),
        (
            '{"format": 1, "country": "IR", "occasions": [{"key": "a", "day_off": "maybe"}]}',
            "occasions[0].day_off",
        ),
        (
            '{"format": 1, "country": "IR", "occasions": [{"key": "a", "dates": [{"start": "1405/01/01"}]}]}',
            "occasions[0].dates[0].start",
        ),
        (
            '{"format": 1, "country": "I", "occasions": [{"key": "a", "dates": [{"start": "2026-01-01", "days": 0}]}]}',
            "occasions[0].dates[0].days",
        ),
        (
            '{"format": 1, "country": "IR", "occasions": [{"key": "a", "yearly": {"calendar": "lunar"}}]}',
            "occasions[0].yearly.calendar",
        ),
        (
            '{"format": 1, "country": "IR", "covered": {"from": "2026-01-01", "to": "2026-01-01"}, "occasions": []}',
            "covered.to",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_place(tmp_path, text, place):
    (tmp_path / "bad.json").write_text(text, "utf-8")
    with pytest.raises(OccasionsBroken) as caught:
        load_occasions("IR", tmp_path)
    assert caught.value.details["place"] == place
    assert caught.value.details["file"].endswith("bad.json")
    assert caught.value.code == "occasions_broken"
