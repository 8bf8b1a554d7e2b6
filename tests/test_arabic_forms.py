"""The further words by which a text is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.arabic import expansion, fold, fold_word, forms

WORDS = st.text("ابتدسعشمنيىةءأإؤئكلوف \u0651", max_size=40)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("لداعش", "داعش"),
        ("بالإرهاب", "ارهاب الارهاب إرهاب الإرهاب"),
        ("للأسد", "اسد الاسد الأسد"),
        ("وبالأمن", "بالامن الامن امن أمن"),
        ("وللأمن", "للامن الامن امن"),
        ("للغة", "لغه لغة"),
        ("للبنان", "لبنان"),
        ("والرقة", "الرقه رقه رقة"),
        ("ولبنان", "لبنان"),
        ("فقال", "قال"),
        ("كرئيس", "رئيس رييس"),
        ("الدم", "دم"),
        ("الهيئة", "هيئة هيئه هييه"),
        ("القوات", "قوات"),
        ("الغاز", "غاز"),
        ("والله", "الله"),
        ("للآن", "الآن"),
        ("بإيران", "ايران إيران"),
        ("وبإدلب", "ادلب بادلب"),
        ("لقوات", "قوات"),
        ("للسوريين", "السوريين سوريين"),
        ("بالوزارة", "وزارة وزاره"),
        ("كحلب", "حلب"),
        ("كمصر", "مصر"),
        ("بروسيا", "روسيا"),
        ("لله", "الله"),
    ],
)
def test_a_word_is_found_without_its_clitics(printed: str, typed: str) -> None:
    assert set(typed.split()) <= set(forms(printed))


@pytest.mark.parametrize(
    ("printed", "never"),
    [
        ("كتاب", "تاب"),
        ("الكتاب", "تاب"),
        ("لبنان", "بنان"),
        ("اللبنانيين", "بنانيين"),
        ("وزارة", "زاره"),
        ("وزاراتها", "زاراتها"),
        ("بلد", "لد"),
        ("ولد", "لد"),
        ("ورقة", "رقه"),
        ("كامل", "امل"),
        ("فراس", "راس"),
        ("كريم", "ريم"),
        ("وسام", "سام"),
        ("بعيد", "عيد"),
        ("لجنة", "جنه"),
        ("واحد", "احد"),
        ("وردت", "ردت"),
        ("والده", "ده"),
        ("الله", "له"),
        ("ألمانيا", "مانيا"),
        ("المانيا", "مانيا"),
        ("إلغاء", "غاء"),
        ("الذي", "ذي"),
        ("كردستان", "ردستان"),
        ("فلسطين", "لسطين"),
        ("وابل", "ابل"),
        ("وسادة", "ساده"),
        ("فروسية", "روسيه"),
        ("كأسه", "اسه"),
        ("فأرة", "اره"),
        ("التي", "تي"),
        ("والتي", "تي"),
        ("التزامها", "تزامها"),
        ("الألمانيين", "مانيين"),
        ("للبنان", "بنان"),
        ("للسعودية", "لسعودية"),
        ("فعاليات", "عاليات"),
        ("وفاتها", "فاتها"),
        ("بيانه", "يانة"),
    ],
)
def test_a_letter_of_the_root_is_no_clitic(printed: str, never: str) -> None:
    assert never not in forms(printed)


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("سوريا", "سوريه سورية"),
        ("سورية", "سوريا"),
        ("وسورية", "سورية سوريا"),
        ("الأميركيين", "امريكيين الامريكيين الأمريكيين"),
        ("أميركية", "امريكيه أمريكية امريكية"),
        ("ديموقراطية", "ديمقراطيه ديمقراطية"),
        ("مسؤول", "مسئول"),
        ("لغوغل", "جوجل"),
        ("القامشلو", "قامشلي القامشلي"),
        ("غوتيريش", "غوتيريس جوتيريش"),
        ("شؤون", "شئون"),
    ],
)
def test_a_word_is_found_in_its_other_spellings(printed: str, typed: str) -> None:
    assert set(typed.split()) <= set(forms(printed))


# Behind «لل» they stand as they stand behind «ال», though ل and their letters begin another word, too.
BEHIND_LAM_LIST = (
    "قوات هيئة مياه إنسان ولايات ولاية أزمة أزمات أمين قلق قمة حد حق حج حي حمى هوية بنية بنات بنين باب عين يونان إيمان بث دنيا"
    " وعي كمية فقه عيون ورد شكر ذات غاية"
)
# Behind «لل» they have lost ال, but not their own ل.
WITH_LAM_LIST = "لاجئين لاجئ لاعبين لبنان لقاء لغة لجنة لواء لوحة ليرة ليبيا لحظة لوائح"
# An ending makes no inflection of every word: «بلغة» is none of «بلغ», «وجبهة» none of «وجبة».
HIDDEN_CLITIC_LIST = (
    "لغزة بولاية لولاية كولاية وجبهة وعودة برأي بعقوبات بطريقة بكميات بلغة ولغة بكرة وكرة بليرة وعدة بعدة وجودة ولديه"
    " وأدى وأحد وأدت فأكد بأسهم فأسهم والأسهم بالأسهم والأهم وآخر وسادت وكانت بقوات"
)
HIDDEN_ARTICLE_LIST = "التأمين التهم التهمة الهام الهامة الواحة الواحات القابون الياسين التحف الهيئة"


@pytest.mark.parametrize("word", BEHIND_LAM_LIST.split())
def test_a_word_is_found_behind_two_lams(word: str) -> None:
    assert fold_word(word) in map(fold_word, forms(f"لل{word}"))


@pytest.mark.parametrize("word", WITH_LAM_LIST.split())
def test_a_word_with_a_lam_of_its_own_is_found_behind_the_other(word: str) -> None:
    assert fold_word(word) in map(fold_word, forms(f"ل{word}"))


@pytest.mark.parametrize("word", ["آن", "إيمان", "أمن", "إنسان"])
def test_a_printed_hamza_decides_what_stands_behind_two_lams(word: str) -> None:
    assert f"ل{fold_word(word)}" not in map(fold_word, forms(f"لل{word}"))


@pytest.mark.parametrize("printed", HIDDEN_CLITIC_LIST.split())
def test_a_clitic_is_taken_off_where_only_an_ending_hides_it(printed: str) -> None:
    assert fold_word(printed[1:]) in map(fold_word, forms(printed))


@pytest.mark.parametrize("printed", ["بلغه", "وجبهه", "بطريقه", "وعوده"])
def test_a_clitic_is_taken_off_before_a_carelessly_printed_feminine_ending_too(printed: str) -> None:
    assert printed[1:] in forms(printed)


@pytest.mark.parametrize("printed", HIDDEN_ARTICLE_LIST.split())
def test_an_article_is_taken_off_though_a_listed_word_with_an_ending_looks_like_it(printed: str) -> None:
    assert fold_word(printed[2:]) in map(fold_word, forms(printed))


@pytest.mark.parametrize("printed", ["سورياً", "روسيًا", "تركياً", "وسورياً"])
def test_a_countrys_adjective_keeps_its_last_letter_when_it_loses_its_tanwin(printed: str) -> None:
    assert {word[-1] for word in (*forms(printed), fold(printed))} == {"ي"}


def test_an_adjective_is_no_spelling_of_its_country() -> None:
    assert "تركيا" not in forms("الحكومة التركية")


def test_a_word_is_found_as_it_is_typed_without_hamza_or_with_a_plain_ending() -> None:
    assert {"اسلامية", "ادارة"} <= set(forms("حركة إسلامية والإدارة"))
    assert "هيئه" in forms("هيئة محلية")


def test_a_word_printed_with_harakat_is_found_by_its_careful_spelling() -> None:
    assert {"مدرسة"} <= set(forms("مُدرّسة"))


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("القوات السورية", "سوريا سورية سوريه"),
        ("والسورية", "سوريا سورية"),
        ("مواطناً سورياً", "سوريا سورية"),
        ("لجندياً تركيًا", "تركيا"),
        ("والحماة", "حماة حماه"),
    ],
)
def test_a_name_is_not_found_in_an_adjective_or_another_word_that_looks_like_it(
    printed: str, typed: str
) -> None:
    assert not {*forms(printed), *fold(printed).split()} & set(typed.split())


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("للسوريا ولسورية", "سوريا سورية"),
        ("مدينة ديرالزور", "دير الزور"),
        ("دير الزور", "ديرالزور"),
        ("قامشلو", "القامشلي القامشلو"),
        ("وزارتي الصحة والداخلية", "وزارة وزاره"),
        ("في ايران والحسكه", "إيران الحسكة"),
    ],
)
def test_a_name_is_found_however_it_is_printed(printed: str, typed: str) -> None:
    assert set(typed.split()) <= {*forms(printed), *fold(printed).split()}


def test_forms_hold_nothing_twice_and_nothing_that_the_text_has() -> None:
    text = "وصل الوفد إلى دمشق، ثم غادر وفد آخر من دمشق والوفد الأول إلى بيروت"
    found = forms(text)
    assert len(found) == len(set(found))
    assert not set(found) & (set(fold(text).split()) | set(text.split()))


def data(name: str) -> list[str]:
    text = Path(expansion.__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_only_listed_words_take_endings_and_only_the_listed_ones() -> None:
    assert not {"سورياون", "سوريةون"} & set(forms("سورياون سوريةون"))
    assert "أميركيتنا" not in forms("أمريكيتنا")


def test_the_words_with_a_clitic_of_their_own_are_kept_folded_and_once() -> None:
    words = [word for line in data("rooted.txt") for word in line.split()]
    assert words == [fold_word(word) for word in words]
    assert len(words) == len(set(words)) > 3000


def test_latin_words_and_numbers_have_no_forms() -> None:
    assert forms("BBC 2023 covid-19") == []


@given(st.text(max_size=40) | WORDS)
def test_forms_are_single_words_that_fold_to_one_word_and_never_fail(text: str) -> None:
    for form in forms(text):
        assert len(fold(form).split()) == 1


@given(WORDS)
def test_forms_never_repeat_a_word_of_the_folded_text(text: str) -> None:
    assert not set(forms(text)) & set(fold(text).split())


@given(text=st.text(alphabet="اوفبكللتنيهةءأإآى\u064b\u0640- ", max_size=24))
def test_no_arabic_text_makes_the_forms_fail(text: str) -> None:
    assert all(form == form.strip() != "" for form in forms(text))


def test_the_alef_of_a_tanwin_is_no_part_of_the_word() -> None:
    assert "قاموس" in forms("قاموساً")
    assert "قاموس" in forms("قاموسًا")
    assert "عاما" not in forms("عاماً")
    assert forms("اً") == []
