"""The query language: what a person types becomes a tree, and the tree becomes what an index is asked for. Pure.

    words side by side      all of them
    "a phrase" «a phrase»   its words, together and in this order
    a OR b, a | b           either; it binds more tightly than the words around it, as in the search engines that people know
    (a b) OR c              round brackets group
    -word, -"a phrase"      not this; NOT does the same
    word*                   words that begin so
    headline:word           in the headline

Whatever else is typed is a word, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from typing import Literal

from newsarchive.arabic import Lexicon, fold_word, words_of
from newsarchive.arabic.stems import FORM_MARK, MARK
from newsarchive.errors import QueryError

Reading = Literal["words", "forms", "stems"]
"""How a word is meant: as typed; in any form, with other clitics or none; or any word of its stem."""

_LONGEST = 10_000  # characters
_MOST_WORDS = 64
_MOST_RANKED = 32  # words; a pasted paragraph is ranked by its first ones
_DEEPEST = 8  # brackets within brackets; FTS5 gives up at some hundred
_NOT_BESIDE_OR = (
    "what must not be there cannot stand beside OR; put it after brackets, as in: (حلب OR حمص) -دمشق"
)
_SHORTEST_PREFIX = 2  # letters: one letter begins a tenth of all words

# Marks of direction and of byte order, which come along with what is pasted.
_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TOKEN = re.compile(
    r"""
    (?P<not>-(?=[^\s-])|NOT(?![^\s("“”„«»]))
    | (?P<field>(?i:headline):)\s*
    | ["“”„](?P<phrase>[^"“”„]*)(?:["“”„]|$) | [«»](?P<guillemets>[^«»]*)(?:[«»]|$)
    | (?P<open>\() | (?P<close>\))
    | (?P<or>\|+|OR(?![^\s("“”„«»])) | AND(?![^\s("“”„«»])
    | (?P<word>[^\s"“”„«»()|،؛]+)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word, or several that stand together.

    Attributes:
        words: folded.
        printed: the words as they were typed.
        prefix: whether the last one may go on.
        in_headline: whether only the headline counts.
    """

    words: tuple[str, ...]
    printed: tuple[str, ...]
    prefix: bool = False
    in_headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All of these, and none of those."""

    parts: tuple[Node, ...]
    without: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """At least one of these."""

    parts: tuple[Node, ...]


Node = Term | Every | Either


def parse(text: str, *, in_headline: bool = False) -> Node:
    """Read a query.

    Args:
        text: as typed or pasted.
        in_headline: whether all of it is meant of the headline.

    Raises:
        QueryError: there is no word in it, it only says what must not be there, or no index could answer it.
    """
    if len(text) > _LONGEST:
        raise QueryError(
            f"the query has {len(text):,} characters; the most is {_LONGEST:,}: look for a part of it"
        )
    node = _Parser(_UNSEEN.sub("", text)).parse(in_headline=in_headline)
    if node is None:
        raise QueryError(f'{text[:40]!r} holds no word to look for; type one or more words, or "a phrase"')
    if isinstance(node, Every) and not node.parts:
        raise QueryError(
            f"{text[:40]!r} only says what must not be there; add a word that must, as in: حلب -دمشق"
        )
    return node


def leaves(node: Node) -> Iterator[Term]:
    """Yield the terms that a text may have, not those that it must not."""
    if isinstance(node, Term):
        yield node
    else:
        for part in node.parts:
            yield from leaves(part)


def exact(node: Node, lexicon: Lexicon) -> str:
    """Write what `articles_fts` is asked for: every word as it is typed, give or take its spelling.

    Raises:
        QueryError: more words than an index should be asked for at once.
    """
    return _written(_asked_at_once(node), lambda term: _exact_term(term, lexicon))


def loose(node: Node, lexicon: Lexicon, reading: Reading) -> str:
    """Write what `articles_stems` is asked for in a looser reading; empty if there is nothing to read more loosely.

    The words of a phrase may then stand anywhere, and function words are not looked for.

    Raises:
        QueryError: as in `exact`.
    """
    return _written(_asked_at_once(node), lambda term: " AND ".join(_loose_words(term, lexicon, reading)))


def rank_words(node: Node, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Return for each telling word, once, what `articles_stems` is asked for: its bare form, and its skeleton."""
    found: dict[tuple[str, str], None] = {}
    every = [term for term in leaves(node) if term.words]
    telling = {*lexicon.rank_terms([word for term in every for word in term.printed])}
    for term in every:
        forms = zip(
            _loose_words(term, lexicon, "forms", telling),
            _loose_words(term, lexicon, "stems", telling),
            strict=True,
        )
        found |= dict.fromkeys(forms)
    return list(found)[:_MOST_RANKED]


def excluded(node: Node, lexicon: Lexicon) -> str:
    """Write what an article must not have, for `articles_stems`; empty if anything will do.

    Raises:
        QueryError: as in `exact`.
    """
    return loose(Either(parts=node.without), lexicon, "forms") if isinstance(node, Every) else ""


def _asked_at_once(node: Node) -> Node:
    """Return a query that an index answers soon; 1,600 words took ten seconds."""
    if _size(node) > _MOST_WORDS:
        raise QueryError(f"more than {_MOST_WORDS} words; look for fewer of them, or for any with --any")
    return node


def _size(node: Node) -> int:
    """Count the words, those that must not be there as well."""
    if isinstance(node, Term):
        return len(node.words)
    return sum(map(_size, (*node.parts, *node.without) if isinstance(node, Every) else node.parts))


def _written(node: Node, write: Callable[[Term], str]) -> str:
    """Write a tree in the language of FTS5; a part that says nothing is left out."""
    if isinstance(node, Term):
        return write(node)
    joint = " OR " if isinstance(node, Either) else " AND "
    parts = [f"({part})" for part in (_written(part, write) for part in node.parts) if part]
    text = joint.join(parts)
    if parts and isinstance(node, Every) and node.without:
        without = [part for part in (_written(part, write) for part in node.without) if part]
        return f"({text}) NOT ({' OR '.join(f'({part})' for part in without)})" if without else text
    return text


def _exact_term(term: Term, lexicon: Lexicon) -> str:
    """The words hold only letters and digits, so the quotes cannot be broken."""
    star = " *" if term.prefix else ""
    if len(term.words) == 1:
        return _exact_word(term.words[0], star, in_headline=term.in_headline)
    mark, column = (MARK, "forms") if term.in_headline else ("", "norm")
    whole = f'{column} : "{" ".join(mark + word for word in term.words)}"{star}'
    shorter = () if term.prefix else lexicon.shorter_names(list(term.words))
    return " OR ".join([whole, *(_exact_word(word, in_headline=term.in_headline) for word in shorter)])


def _exact_word(word: str, star: str = "", *, in_headline: bool) -> str:
    if in_headline:
        return f'forms : ("{MARK}{word}"{star} OR "{FORM_MARK}{word}"{star})'
    return f'{{norm forms}} : "{word}"{star}'


def _loose_words(
    term: Term, lexicon: Lexicon, reading: Reading, telling: Container[tuple[str, str]] | None = None
) -> list[str]:
    column = "headline : " if term.in_headline else ""
    found = []
    for number, word in enumerate(term.printed, 1):
        if term.prefix and number == len(term.printed):
            found.append(f'{column}"{term.words[-1]}" *')
            continue
        terms = lexicon.terms_of(word)
        if terms in telling if telling is not None else not lexicon.is_function_word(word):
            found.append(f'{column}"{terms[reading == "stems"]}"')
    return found


class _Parser:
    """Reads a query from left to right; each method leaves off where its part ends."""

    def __init__(self, text: str) -> None:
        self._tokens = [
            (match.lastgroup, match[match.lastgroup]) for match in _TOKEN.finditer(text) if match.lastgroup
        ]
        self._at = 0
        self._depth = 0

    def parse(self, *, in_headline: bool) -> Node | None:
        parts = []
        while self._at < len(self._tokens):
            parts.append(self._every(in_headline=in_headline))
            self._accept("close")  # one that closes nothing
        return _every(parts, [])

    def _accept(self, kind: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at][0] == kind
        self._at += found
        return found

    def _every(self, *, in_headline: bool) -> Node | None:
        parts: list[Node | None] = []
        without: list[Node | None] = []
        while self._at < len(self._tokens) and self._tokens[self._at][0] != "close":
            if not self._accept("not"):
                parts.append(self._either(in_headline=in_headline))
                continue
            without.append(self._one(in_headline=in_headline))
            if self._accept("or"):
                raise QueryError(_NOT_BESIDE_OR)
        return _every(parts, without)

    def _either(self, *, in_headline: bool) -> Node | None:
        parts = [self._one(in_headline=in_headline)]
        while self._accept("or"):
            if self._accept("not"):
                raise QueryError(_NOT_BESIDE_OR)
            parts.append(self._one(in_headline=in_headline))
        found = tuple(part for part in parts if part)
        if len(found) > 1 and any(isinstance(part, Every) and not part.parts for part in found):
            raise QueryError(_NOT_BESIDE_OR)
        return found[0] if len(found) == 1 else Either(parts=found) if found else None

    def _one(self, *, in_headline: bool) -> Node | None:
        named = False
        while self._accept("field"):
            named = True
        in_headline |= named
        if self._at == len(self._tokens):
            return None
        kind, value = self._tokens[self._at]
        if kind == "not" and named:
            raise QueryError("the - stands before headline:, as in: حلب -headline:دمشق")
        if kind in {"close", "or", "not"}:  # of an operator that joins nothing
            return None
        self._at += 1
        if kind != "open":
            return _term(value, in_headline=in_headline)
        if self._depth == _DEEPEST:
            raise QueryError(f"more than {_DEEPEST} brackets within each other; take some away")
        self._depth += 1
        inner = self._every(in_headline=in_headline)
        self._accept("close")
        self._depth -= 1
        return inner


def _every(parts: list[Node | None], without: list[Node | None]) -> Node | None:
    """Join what must be there and what must not; an inner part that only forbids goes along with what is forbidden."""
    there: list[Node] = []
    absent: list[Node] = []
    for part in (part for part in parts if part):
        if isinstance(part, Every):
            there += part.parts
            absent += part.without
        else:
            there.append(part)
    for part in (part for part in without if part):
        if isinstance(part, Every) and not part.parts:
            raise QueryError("what is forbidden twice means nothing clear; take one - away")
        absent.append(part)
    if not absent and len(there) < 2:  # noqa: PLR2004 - one is itself
        return there[0] if there else None
    return Every(parts=tuple(there), without=tuple(absent))


def _term(text: str, *, in_headline: bool) -> Term | None:
    prefix = text.endswith("*")
    printed = words_of(text.rstrip("*"))
    if not printed:
        return None
    words = tuple(map(fold_word, printed))
    if prefix and len(words[-1]) < _SHORTEST_PREFIX:
        raise QueryError(f"{words[-1]!r}* would be half of all words; type at least two letters before the *")
    return Term(words=words, printed=tuple(printed), prefix=prefix, in_headline=in_headline)
