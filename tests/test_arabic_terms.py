"""What a text is ranked by: one bare form a word, whatever stands before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.arabic import fold, lexicon, words_of

# Left out are those of which a clitic makes another word: «فكرة» (idea), «لورد» (lord).
WORD_LIST = """
قوات هيئة مياه إنسان ولايات ولاية أزمة أزمات أمين قلق قمة هوية بنية بنات بنين باب عين يونان إيمان وعي كمية فقه عيون
لاجئين لاجئ لاعب لاعبين لبنان لقاء لقاءات لغة لجنة لواء لوحة ليرة ليبيا لندن لحظة لحوم لقاح لهجة لجوء لجان لصوص لعبة ليل
كونغرس فاشر كتاب كتب كلمة كهرباء كنيسة كمين كتيبة كيان كوريا كردستان كركوك كندا كبار كثافة كارثة كمال فستق
بلد بلدة بلدية بنك بناء بيت بيان بيانات برلمان برنامج بحث بحر بريد بطل بطولة بغداد بيروت باريس بروكسل بضائع بترول بيئة
وزير وزارة وزراء وزارتها وفد وفود وحدة وحدات وقف وقت وقود وكالة وطن وثيقة وثائق وسيط وساطة وضع واقع والد وفاة وظيفة واشنطن
فريق فرقة فرنسا فلسطين فصيل فصائل فساد فقر فيلم فيديو فيضان فضاء فندق فتوى فتاة فئة فجر فوز فترة
دولة حكومة مدينة محافظة منطقة قرية حركة منظمة شركة قناة صحيفة جامعة مدرسة نقابة جمعية غارة ضربة قوة عملية معركة هدنة
اتفاقية معاهدة جلسة دورة جولة زيارة مبادرة خطة قضية مسؤول رئيس إدارة إعلان إعلام إصابة إطلاق اعتقال إنقاذ إرهاب إعادة أمن أمم
أنباء أسعار أسلحة أطفال أعضاء أهالي أيام أسبوع أحياء أراضي أسرى أمير أستاذ نساء عائلة شبكة شرطة ثورة معارضة سلطة سيادة
سياسة ثقافة صحة زراعة صناعة تجارة عدالة دفاع نائب طائرة قذيفة قنبلة مساعدات خيمة غذاء دواء سماء شهداء سفراء خبراء
حلب دمشق حمص درعا مصر قطر غزة عدن سوريا تركيا إيران روسيا ألمانيا أوروبا إدلب
جبهة عودة رأي عقوبات طريقة طريق عدة جودة تأمين تهم تهمة واحة ياسين قابون سعي نفي قرار اجتماع انتخابات التزام التحاق
"""
CLITIC_LIST = "و ف ب ل ال وب ول وال فال بال كال وبال لل ولل فلل"
WORDS = WORD_LIST.split()


def bare(word: str) -> str:
    return lexicon().terms_of(word)[0]


@pytest.mark.parametrize("clitic", CLITIC_LIST.split())
def test_a_word_of_the_press_has_one_bare_form_whatever_clitic_stands_before_it(clitic: str) -> None:
    assert [word for word in WORDS if bare(clitic + word) != bare(word)] == []


def test_the_words_of_the_press_are_many_and_have_no_clitic() -> None:
    assert len(set(WORDS)) == len(WORDS) > 200
    others = {"سوريا", "تركيا", "روسيا", "هيئة", "أوروبا", "فيديو"}  # of a group of spellings
    assert [word for word in WORDS if bare(word) != fold(word) and word not in others] == []


@pytest.mark.parametrize("word", ["حد", "حق", "حج", "حي", "بث", "دم", "شك"])
def test_a_word_of_two_letters_has_one_bare_form_behind_the_article(word: str) -> None:
    assert {bare(clitic + word) for clitic in ("", "ال", "وال", "بال", "لل", "ولل")} == {word}


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("ديرالزور", "دير الزور"),
        ("وديرالزور", "دير الزور"),
        ("دير الزور", "ديرالزور"),
        ("لعبدالله", "عبد الله"),
        ("عبد الله", "عبدالله"),
        ("عبد الرحمن", "عبدالرحمن"),
        ("عبدالرحمن", "عبد الرحمن"),
    ],
)
def test_a_name_written_as_one_word_and_as_two_has_the_terms_of_both(printed: str, typed: str) -> None:
    terms = lexicon().rank_terms(words_of(f"وصل {printed} أمس"))
    assert set(map(lexicon().terms_of, words_of(typed))) <= set(terms)


def test_parts_of_a_name_that_stand_apart_are_not_the_name() -> None:
    terms = lexicon().rank_terms(words_of("دير قرب الزور"))
    assert lexicon().terms_of("ديرالزور") not in terms


@given(st.text("ابتدسعشمنيىةءأإآؤئكلوفه", min_size=3, max_size=12))
def test_a_word_behind_its_article_has_the_bare_form_that_it_has_alone_or_is_a_listed_one(word: str) -> None:
    articled = f"ال{word}"
    assert bare(articled) in {bare(word), fold(articled)}
