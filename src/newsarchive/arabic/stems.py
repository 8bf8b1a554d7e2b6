"""What a word shares with its relatives: the light stem tier, for recall and ranking, never for the plain search box.

Light stemming as light10 does it (Larkey, Ballesteros and Connell, 2007), but with every ending that pronouns, plurals and
cases put there, and then without long vowels, so that broken plurals and derivations meet («كتاب», «كتب»).
"""

from __future__ import annotations

MARK = "ة"
"""Begins what no folded word can be: folding makes it ه, and SQLite's `unicode61` takes it for a letter."""

FORM_MARK = MARK * 2
"""The same before forms, beside words that have the mark: a phrase is of words alone."""

# Folded, longest first; each is taken off once.
_ENDING_LIST = "هما تهم تها هم ها ان ات ون ين يه تي تا نا وا ته ه ي ت ا و"
_ENDINGS = _ENDING_LIST.split()
_SHORTEST_STEM = 2
_SHORTEST_SKELETON = 3
_WEAK = str.maketrans("", "", "اويء")

# Folded. They stand in nine of ten articles, so they rank nothing and cost most.
_FUNCTION_WORD_LIST = (
    "من هو هي ما ماذا متي اين كيف لماذا هل كم اي في علي الي عن مع التي الذي الذين هذا هذه ذلك تلك كان كانت يكون تكون ان لا قد بين"
    " عند بعد قبل و او ثم لم لن منذ حتي كل هم هما بماذا لمن ال وهو وهي ومن وفي وما كما انه انها بها به له لها فيه فيها منه منها"
    " عليه عليها"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())


def skeleton(bare: str) -> str:
    """Return the skeleton of a folded word without clitics: its endings off, then ا و ي ء out after its first letter.

    A stem of which fewer than three letters would be left stays whole.
    """
    stem = bare
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST_STEM:
            stem = stem[: -len(ending)]
    bones = stem[0] + stem[1:].translate(_WEAK)
    return bones if len(bones) >= _SHORTEST_SKELETON else stem
