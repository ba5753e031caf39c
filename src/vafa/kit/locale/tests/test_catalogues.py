import gettext as gnu_gettext

import pytest

from vafa.kit.locale.catalogues import (
    PLURAL_RULES,
    check_catalogues,
    compile_catalogues,
    get_catalogue_path,
    list_placeholders,
    main,
    read_catalogue,
    update_catalogues,
    write_catalogue,
)
from vafa.kit.locale.extraction import build_template, list_texts

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
a = _("Save the file")
b = ngettext("%(count)s customer", "%(count)s customers", 3)
c = pgettext_lazy("a verb", "Order")
d = _(f"not {a}")
e = _(a)
f = _(
    "Two parts "
    "of one text"
)
"""
TEMPLATE = """
{% load i18n %}
  {% if x %}
      <b title="{% translate 'Hello there' %}">{{ _("In a variable") }}</b>
 {% endif %}
    {% blocktranslate trimmed count n=items|length %}
        {{ n }} item
    {% plural %}
        {{ n }} items
    {% endblocktranslate %}
{% include "x.html" with label=_("Passed on") %}
"""


@pytest.fixture
def package(tmp_path):
    root = tmp_path / "shop"
    (root / "templates").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "views.py").write_text(PYTHON, "utf-8")
    (root / "templates" / "page.html").write_text(TEMPLATE, "utf-8")
    (root / "tests" / "test_views.py").write_text('_("Only in a test")', "utf-8")
    return root


def translate_all(folder, language, strings):
    path = get_catalogue_path(folder, language)
    catalogue = read_catalogue(path, language)
    for message in catalogue:
        msgid = message.id if isinstance(message.id, str) else message.id[0]
        if msgid:
            message.string = strings.get(
                msgid, tuple([message.id[1]] * catalogue.num_plurals) if message.pluralizable else msgid
            )
    write_catalogue(path, catalogue)


def test_texts_of_python_and_templates(package):
    found = {(text.msgid, text.plural, text.context) for text in list_texts(package)}
    assert found == {
        ("Save the file", "", ""),
        ("%(count)s customer", "%(count)s customers", ""),
        ("Order", "", "a verb"),
        ("Two parts of one text", "", ""),
        ("Hello there", "", ""),
        ("In a variable", "", ""),
        ("%(n)s item", "%(n)s items", ""),
        ("Passed on", "", ""),
    }


def test_update_twice_writes_nothing_new(package, tmp_path):
    folder = tmp_path / "locale"
    assert update_catalogues(package, folder) == {"fa": 8, "ar": 8, "zh_Hans": 8}
    path = get_catalogue_path(folder, "ar")
    before = (path.stat().st_mtime_ns, path.read_bytes())
    update_catalogues(package, folder)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    text = before[1].decode()
    assert "Creation-Date" not in text
    assert "#: shop/views.py\n" in text


def test_each_language_has_its_plural_forms(package, tmp_path):
    update_catalogues(package, tmp_path)
    forms = {
        name: read_catalogue(get_catalogue_path(tmp_path, name), name).num_plurals for name in PLURAL_RULES
    }
    assert forms == {"fa": 2, "ar": 6, "zh_Hans": 1}


def test_untranslated_texts_are_missing_and_translated_ones_are_not(package, tmp_path):
    assert {problem.kind for problem in check_catalogues(package, tmp_path)} == {"missing_file"}
    update_catalogues(package, tmp_path)
    problems = check_catalogues(package, tmp_path)
    assert {problem.kind for problem in problems} == {"missing"}
    assert len(problems) == 24
    for language in PLURAL_RULES:
        translate_all(tmp_path, language, {})
    assert check_catalogues(package, tmp_path) == []


def test_what_is_wrong_with_a_translation_is_told(package, tmp_path):
    update_catalogues(package, tmp_path)
    for language in PLURAL_RULES:
        translate_all(tmp_path, language, {})
    worded = ("لا عملاء", "عميل واحد", "عميلان", "%(count)s عملاء", "%(count)s عميلًا", "%(count)s عميل")
    translate_all(tmp_path, "ar", {"%(count)s customer": worded})
    assert check_catalogues(package, tmp_path) == []
    translate_all(tmp_path, "ar", {"%(count)s customer": (*worded[:3], "عملاء", *worded[4:])})
    translate_all(
        tmp_path, "fa", {"%(count)s customer": ("یک مشتری", "%(cuont)s مشتری"), "Hello there": "<b>سلام"}
    )
    told = {
        (problem.language, problem.kind, problem.msgid) for problem in check_catalogues(package, tmp_path)
    }
    assert told == {
        ("ar", "placeholders", "%(count)s customer"),
        ("fa", "placeholders", "%(count)s customer"),
        ("fa", "tags", "Hello there"),
    }


def test_a_text_that_changed_is_not_listed_then_obsolete_then_gone(package, tmp_path):
    update_catalogues(package, tmp_path)
    for language in PLURAL_RULES:
        translate_all(tmp_path, language, {})
    (package / "views.py").write_text(PYTHON.replace("Save the file", "Keep the file"), "utf-8")
    assert {problem.kind for problem in check_catalogues(package, tmp_path)} == {"not_listed", "obsolete"}
    update_catalogues(package, tmp_path)
    kinds = {(problem.kind, problem.msgid) for problem in check_catalogues(package, tmp_path)}
    assert kinds == {("missing", "Keep the file"), ("obsolete", "Save the file")}
    update_catalogues(package, tmp_path, prune=True)
    assert {problem.kind for problem in check_catalogues(package, tmp_path)} == {"missing"}


def test_a_fuzzy_translation_is_a_problem(package, tmp_path):
    update_catalogues(package, tmp_path)
    for language in PLURAL_RULES:
        translate_all(tmp_path, language, {})
    path = get_catalogue_path(tmp_path, "fa")
    path.write_text(
        path.read_text("utf-8").replace('msgid "Hello there"', '#, fuzzy\nmsgid "Hello there"'), "utf-8"
    )
    assert [(problem.kind, problem.msgid) for problem in check_catalogues(package, tmp_path)] == [
        ("fuzzy", "Hello there")
    ]


def test_compiled_catalogues_translate_with_every_plural(package, tmp_path):
    update_catalogues(package, tmp_path)
    worded = ("صفر", "واحد", "اثنان", "%(count)s قليل", "%(count)s كثير", "%(count)s آخر")
    translate_all(tmp_path, "ar", {"%(count)s customer": worded})
    path = get_catalogue_path(tmp_path, "ar").with_suffix(".mo")
    assert path in compile_catalogues(tmp_path)
    with path.open("rb") as file:
        arabic = gnu_gettext.GNUTranslations(file)
    told = [arabic.ngettext("%(count)s customer", "%(count)s customers", n) for n in (0, 1, 2, 3, 11, 100)]
    assert told == list(worded)


def test_one_text_with_two_plurals_is_refused(package):
    (package / "other.py").write_text('ngettext("%(count)s customer", "%(count)s clients", 2)', "utf-8")
    with pytest.raises(ValueError, match="another plural"):
        build_template(list_texts(package))


def test_placeholders_of_all_kinds():
    assert list_placeholders("%(count)s of {name}, %s, 100%% and {{ not }}") == {"%(count)s", "{name}", "%s"}


def test_the_command_reads_the_products_own_source(capsys):
    assert main(["check"]) in (0, 1)
    assert capsys.readouterr().out.endswith("problems\n")
