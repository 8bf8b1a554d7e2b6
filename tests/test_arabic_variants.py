"""The table of spellings: what every line of it must hold, and what texts are found by because of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from newsarchive.arabic import expansion, fold, fold_word, forms
from newsarchive.arabic.clitics import stripped
from newsarchive.arabic.text import careful_word, fold_list

ENDINGS = ("", "ة", "ا", "ون", "ين", "و", "ي", "ان", "ات", "ية")


def lines(name: str) -> list[str]:
    text = Path(expansion.__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


LINES = lines("variants.txt")
LISTED = [word for line in lines("names.txt") for word in line.split()]
UNARTICLED = {fold_word(word[1:]) for word in LISTED if word.startswith("-")}
GROUPS = [line.removeprefix("+").split() for line in LINES]
NAMES = [(name, group) for group in GROUPS for name in group if "_" in name]

# Of English, French and Turkish articles («Sana'a» is parted at its apostrophe), and of web addresses.
LATIN_WORDS = (
    "ai aid amnesty apple as au bu car care da de echo en et eu ice il in is it la le me meta mit ne no o of on"
    " or pace pro sana save sea she shell signal sig sol start swift the tip to tow un us va we who word"
    " facebook google instagram telegram tiktok twitter whatsapp youtube"
)
# Names that are spelled in two ways, one of them an everyday word when folded: cable, floods, reported, port ...
ARABIC_WORDS = (
    "كابل سيول أفاد فاو كيف بورصة جراد كلس بري شي حماس نصرة بينت بنيت تدمر بصري قهرمان قرية لجأ دانة شرع ترك سلمية"
    " جاز وردي حر هو من في ما لن قال رئيس حزب جيش قوات مجلس منظمة عين رأس تل دير كفر عبد أبو مدينة"
)


def is_arabic(word: str) -> bool:
    return word >= "\u0600"


def one_word(group: list[str]) -> list[str]:
    return [member for member in group if "_" not in member]


def folded_name(name: str) -> str:
    return fold(name.replace("_", " "))


def indexed(words: list[str]) -> set[str]:
    """Return words as they stand among the forms: Latin ones folded."""
    return {word if is_arabic(word) else fold_word(word) for word in words}


def inflected(line: str) -> list[list[str]]:
    """Return the words of a line, and if it has a + again with each ending."""
    endings = ENDINGS if line.startswith("+") else ENDINGS[:1]
    return [[word + ending for word in one_word(line.removeprefix("+").split())] for ending in endings]


INFLECTED = [group for line in LINES for group in inflected(line)]

# -- the lines


def test_no_spelling_is_listed_twice_whatever_its_hamza() -> None:
    words = Counter(fold_word(word) for group in INFLECTED for word in group)
    assert [word for word, times in words.items() if times > 1] == []
    names = Counter(folded_name(name) for name, _ in NAMES)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_group_has_a_word_to_type_and_another_member() -> None:
    assert [group for group in GROUPS if not one_word(group) or len(group) == 1] == []


def test_the_table_is_rich_and_still_read_at_every_start() -> None:
    assert 350 < len(GROUPS) < 420


def test_every_group_begins_with_a_dictionary_spelling() -> None:
    for group in GROUPS:
        assert group[0][0] != "ا", "a dictionary writes the hamza"
        assert is_arabic(group[0]) or not any(map(is_arabic, one_word(group))), group


def test_arabic_members_are_written_in_plain_letters() -> None:
    words = [word for group in GROUPS for member in group for word in member.split("_") if is_arabic(word)]
    assert [word for word in words if word != careful_word(word)] == []


def test_a_list_is_folded_as_its_words_are_one_by_one() -> None:
    for member in [member for group in GROUPS for member in group] + LISTED:
        assert fold_list(member).removeprefix("-").split("_") == folded_name(member).split(), member


def test_words_are_listed_without_their_article() -> None:
    assert [word for group in GROUPS for word in one_word(group) if word.startswith("ال")] == []


def test_only_arabic_words_take_endings() -> None:
    words = [word for line in LINES if line.startswith("+") for word in line[1:].split()]
    assert [word for word in words if "_" in word or not is_arabic(word)] == []


def test_folding_leaves_the_words_of_a_name_apart() -> None:
    assert [name for name, _ in NAMES if len(folded_name(name).split()) != len(name.split("_"))] == []


def test_no_name_stands_within_another_of_its_group() -> None:
    for name, group in NAMES:
        words = f" {folded_name(name)} "
        assert [other for other in group if "_" in other and f" {folded_name(other)} " in words] == [name]


def test_no_name_is_listed_twice() -> None:
    words = Counter(fold_word(word.removeprefix("-")) for word in LISTED)
    assert [word for word, times in words.items() if times > 1] == []
    assert len(words) > 300


def test_no_listed_spelling_is_one_of_another_group_behind_a_clitic() -> None:
    group_of = {fold_word(word): group for group in INFLECTED for word in group}
    for word, group in group_of.items():
        assert all(group_of.get(fold_word(rest), group) == group for rest in stripped(word)), word


def test_no_word_of_other_languages_is_listed() -> None:
    latin = {fold_word(word) for group in GROUPS for word in one_word(group) if not is_arabic(word)}
    assert latin
    assert latin & set(LATIN_WORDS.split()) == set()


def test_no_everyday_word_is_listed() -> None:
    listed = {fold_word(word) for group in INFLECTED for word in group}
    assert [word for word in ARABIC_WORDS.split() if fold_word(word) in listed] == []


# -- what is found


def test_every_listed_spelling_is_found_by_each_other_of_its_group() -> None:
    for group in INFLECTED:
        for word in group:
            assert indexed([other for other in group if other != word]) <= set(forms(word)), word


def test_every_arabic_spelling_is_found_by_the_others_with_and_without_the_article() -> None:
    for group in INFLECTED:
        words = set(filter(is_arabic, group))
        for word in words if not UNARTICLED & set(map(fold_word, words)) else ():
            others = words - {word}
            assert others | {f"ال{other}" for other in others} <= set(forms(f"ال{word}")), word


def test_every_name_of_several_words_is_found_by_each_word_of_its_group() -> None:
    for name, group in NAMES:
        assert indexed(one_word(group)) <= set(forms(f"1 {name.replace('_', ' ')} 2")), name


@pytest.mark.parametrize(
    ("printed", "searched"),
    [
        ("بيان قوات سوريا الديمقراطية", "قسد sdf"),
        ("وقوات سورية الديموقراطية", "قسد sdf"),
        ("انسحبت قسد", "sdf"),
        ("The SDF withdrew", "قسد"),
        ("عناصر من تنظيم الدولة الإسلامية", "داعش isis isil daesh"),
        ("لداعش", "isis daesh"),
        ("مع هيئة تحرير الشام", "هتش hts"),
        ("لحزب العمال الكردستاني", "pkk"),
        ("البي كا كا", "pkk"),
        ("(أ ف ب)", "afp"),
        ("أ.ف.ب", "afp"),
        ("للمرصد السوري لحقوق الإنسان", "sohr"),
        ("بالشبكة السورية لحقوق الإنسان", "snhr"),
        ("والأونروا", "unrwa انروا"),
        ("منظمة حظر الأسلحة الكيماوية", "opcw كيميائية كيميائيه"),
        ("السي آي إيه", "cia"),
        ("ريف دير الزور", "ديرالزور"),
        ("ريف عين العرب", "كوباني"),
        ("برأس العين", "سريكانيه"),
        ("إلى مدينة المالكية", "ديريك"),
        ("قاعدة التنف", "الطنف طنف"),
        ("البو كمال", "بوكمال"),
        ("السيد عبد الله", "عبدالله"),
        ("على الفيس بوك", "فيسبوك"),
        ("في سنجار", "شنكال"),
        ("الأكراد وشؤون التركمان", "شئون التوركمان"),
        ("صحافيون وصحافيات", "صحفيون صحفيات"),
        ("التغيير الديموغرافي", "الديمغرافي ديمغرافي"),
        ("لزيلينسكي وبوتين", "زيلنسكي بوتن"),
        ("خمسون ليتراً من المازوط", "لتر مازوت"),
    ],
)
def test_a_text_is_found_by_what_the_press_also_calls_it(printed: str, searched: str) -> None:
    assert set(searched.split()) <= set(forms(printed))


@pytest.mark.parametrize(
    ("printed", "never"),
    [
        ("قالت قسد", "سوريا قوات"),
        ("قوات سوريا", "قسد sdf"),
        ("سوريا الديمقراطية", "قسد مسد"),
        ("عين ماء", "كوباني"),
        ("عين العربي", "كوباني"),
        ("حزب الاتحاد الديمقراطي المسيحي", "pyd"),
        ("المجلس الوطني", "enks"),
        ("تحرير الشام", "hts"),
        ("ميناء الفاو", "fao"),
        ("Sana'a", "سانا"),
        ("كابل كهرباء", "كابول"),
        ("أفاد مراسلنا", "afad"),
        ("حديث نبيه بري", "بريء"),
        ("المذهب المالكية", "ديريك"),
        ("they who are in us", "سوريا"),
    ],
)
def test_a_text_is_not_found_by_a_name_that_it_has_not(printed: str, never: str) -> None:
    assert not set(never.split()) & set(forms(printed))
