"""Made-up articles for measuring: as many as are asked for, always the same.

Of 200 words, from 38 sources and 10 years. Words are roots in patterns, with clitics and endings; there are 100,000, their frequencies by
Zipf and Mandelbrot, so that the commonest stand in 40 % of articles and the rarest in one of 25,000. One in twelve is a name of two words,
which is what phrases look for. After 20,000 articles the texts come again, since working out the terms of a million would take an hour:
each word stands in as large a share of the articles then, and only the words that one article alone has are missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

START = datetime(2014, 1, 1, tzinfo=UTC)
DAYS = 3650
SOURCES = 38
DISTINCT = 20_000  # texts
WORDS = 100_000
TELLING = 130  # words drawn for an article, names counted as one
PARAGRAPH = 37  # words
LETTERS = "بتثجحخدذرزسشصضطعغفقكلمنهو"
PATTERNS = (
    "فعل فاعل مفعول فعيل فعال تفعيل استفعال مفاعل انفعال فعول تفاعل افتعال مفعلة فعلة فعالة فعلية أفعال فعلان متفعل مستفعل إفعال تفعلة"
    " فعائل"
)
FUNCTION_WORDS = "في من على إلى أن عن مع التي الذي هذا هذه كان بعد قبل بين كل لا ما قد كما عند منذ"
# Before and after a word, and of 100 words how many.
AFFIXES = {
    ("", ""): 44, ("ال", ""): 30, ("و", ""): 5, ("وال", ""): 5, ("ب", ""): 3, ("بال", ""): 3, ("لل", ""): 3, ("ل", ""): 2, ("", "ها"): 3, ("", "هم"): 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A made-up article.

    Attributes:
        number: its id.
        day: YYYY-MM-DD.
        at: the instant, UTC.
        headline: 9 words.
        body: the others.
    """

    number: int
    day: str
    at: str
    headline: str
    body: str


def articles(number: int, *, backfilled: bool) -> Iterator[Made]:
    """Make articles, in the order of their days, or, if they were backfilled, in none."""
    for n in range(number):
        dice = random.Random(n)  # noqa: S311 - made-up text
        second = (dice.random() if backfilled else n / number) * DAYS * 86400
        moment = START + timedelta(seconds=int(second))
        headline, body = text(n % DISTINCT)
        yield Made(
            number=n + 1,
            day=f"{moment:%Y-%m-%d}",
            at=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            headline=headline,
            body=body,
        )


@cache
def text(number: int) -> tuple[str, str]:
    """Make a headline and a body; they depend on their number only."""
    words, weights = vocabulary()
    dice = random.Random(f"text {number}")  # noqa: S311 - made-up text
    drawn = dice.choices(words, cum_weights=weights, k=TELLING)
    around = dice.choices(list(AFFIXES), weights=list(AFFIXES.values()), k=TELLING)
    worn = [before + word + after for word, (before, after) in zip(drawn, around, strict=True)]
    found = [""] * (TELLING * 3 // 2)
    found[0::3], found[1::3] = worn[::2], worn[1::2]
    found[2::3] = dice.choices(FUNCTION_WORDS.split(), k=TELLING // 2)
    paragraphs = (found[at : at + PARAGRAPH] for at in range(9, len(found), PARAGRAPH))
    return " ".join(found[:9]), "\n".join(" ".join(words) + "." for words in paragraphs)


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Make all words, the commonest first, and their cumulated weights."""
    dice = random.Random(7)  # noqa: S311 - made-up text
    found: dict[str, None] = {}
    while len(found) < WORDS:
        names = 2 if len(found) % 12 == 11 else 1
        found[" ".join(_word(dice) for _ in range(names))] = None
    return list(found), list(accumulate(1 / (rank + 90) ** 1.3 for rank in range(WORDS)))


def single(share: float) -> list[str]:
    """Return three words that stand in about this share of articles, with any affix."""
    return _of_share(share, names=False)


def named(share: float) -> list[str]:
    """Return three names of two words that stand in about this share of articles, half of them without an affix."""
    return _of_share(share, names=True)


def _of_share(share: float, *, names: bool) -> list[str]:
    words, weights = vocabulary()
    wanted = (1 - (1 - share) ** (1 / TELLING)) * weights[-1]
    rank = next((n for n in range(1, WORDS) if weights[n] - weights[n - 1] <= wanted), WORDS - 100)
    return [word for word in words[rank - 1 :] if (" " in word) == names][:3]


def _word(dice: random.Random) -> str:
    first, second, *third = dice.sample(LETTERS, dice.choice((3, 3, 3, 4)))
    letters = {"ف": first, "ع": second, "ل": "".join(third)}
    return dice.choice(PATTERNS.split()).translate(str.maketrans(letters))
