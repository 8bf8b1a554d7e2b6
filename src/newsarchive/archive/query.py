"""The query language: what a person types becomes a tree, and the tree becomes what an index is asked for. Pure.

    words side by side      all of them
    "a phrase" «a phrase»   its words, together and in this order
    a OR b, a | b           either; it binds more tightly than the words around it, as in the search engines that people know
    (a b) OR c              round brackets group
    -word, -"a phrase"      not this; NOT does the same, and so do the dashes that phones and word processors make of a hyphen
    word*                   words that begin so
    headline:word           in the headline

Whatever else is typed is a word, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from newsarchive.arabic import Lexicon, fold_word, words_of
from newsarchive.arabic.stems import FORM_MARK, MARK
from newsarchive.errors import QueryError

Reading = Literal["words", "forms", "stems"]
"""How a word is meant: as typed; in any form, with other clitics or none; or any word of its stem."""

_LONGEST = 10_000  # characters
_MOST_WORDS = 64
_MOST_PREFIXES = 8  # each reads all words that begin so; of «ال» a second in 70,000 articles
_MOST_RANKED = 32  # words; a pasted paragraph is ranked by its first ones
_QUOTED = 40  # characters of what was typed, in an error
_DEEPEST = 8  # brackets within brackets; FTS5 gives up at some hundred
_NOT_BESIDE_OR = (
    "what must not be there cannot stand beside OR; put it after brackets, as in: (حلب OR حمص) -دمشق"
)
_SHORTEST_PREFIX = 2  # letters: one letter begins a tenth of all words

# Marks of direction and of byte order, which come along with what is pasted.
_UNSEEN = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
# All quotation marks are one below: each set of letters beyond Latin ones takes 0.3 ms to compile at every start.
_TYPED = str.maketrans("“”„", '"""', _UNSEEN)
_DASHES = "\u2010\u2011\u2013\u2212\ufe63\uff0d-"  # what becomes of a hyphen, and itself
_TOKEN = re.compile(
    rf"""
    (?P<not>(?:-|(?<![^\s(])[{_DASHES}])(?=[^\s{_DASHES}])|NOT(?![^\s("«»]))
    | (?P<field>(?i:headline):)\s*
    | "(?P<phrase>[^"]*)(?:"|$) | [«»](?P<guillemets>[^«»]*)(?:[«»]|$)
    | (?P<open>\() | (?P<close>\))
    | (?P<or>\|+|OR(?![^\s("«»])) | AND(?![^\s("«»])
    | (?P<word>[^\s"«»()|،؛]+)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


class Term(NamedTuple):
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


class Every(NamedTuple):
    """All of these, and none of those."""

    parts: tuple[Node, ...]
    without: tuple[Node, ...] = ()


class Either(NamedTuple):
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
    node = _Parser(text.translate(_TYPED)).parse(in_headline=in_headline)
    if node is None:
        raise QueryError(f'{quoted(text)} holds no word to look for; type one or more words, or "a phrase"')
    if isinstance(node, Every) and not node.parts:
        raise QueryError(
            f"{quoted(text)} only says what must not be there; add a word that must, as in: حلب -دمشق"
        )
    return node


def quoted(text: str) -> str:
    """Return as much of what was typed as an error should repeat, in quotes."""
    return repr(text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…")


def leaves(node: Node) -> Iterator[Term]:
    """Yield the terms that a text may have, not those that it must not."""
    if isinstance(node, Term):
        yield node
    else:
        for part in node.parts:
            yield from leaves(part)


def is_plain(node: Node) -> bool:
    """Whether all of a query can be read more loosely: it has no prefix, and nothing that must not be there."""
    return not forbids(node) and not any(term.prefix for term in leaves(node))


def forbids(node: Node) -> bool:
    """Whether anything must not be there."""
    return not isinstance(node, Term) and (
        (isinstance(node, Every) and bool(node.without)) or any(map(forbids, node.parts))
    )


def as_read(node: Node, lexicon: Lexicon, reading: Reading | None) -> Node:
    """Return what is looked for in a reading; None: any of the words, while what must not be there stays where it was.

    Looser readings leave out the function words that must be there besides others.
    """
    if reading == "words":
        return node
    if reading is not None:
        return _telling(node, lexicon)
    there = _any_of(_telling(node, lexicon), lexicon)
    return there[0] if len(there) == 1 else Either(parts=tuple(there))


def exact(node: Node, lexicon: Lexicon) -> str:
    """Write what `articles_fts` is asked for: every word as it is typed, give or take its spelling.

    Raises:
        QueryError: more words than an index should be asked for at once.
    """
    return _written(_asked_at_once(node), lambda term: _exact_term(term, lexicon))


def loose(node: Node, lexicon: Lexicon, reading: Reading) -> str:
    """Write what `articles_stems` is asked for in a looser reading; empty if there is nothing to read more loosely.

    The words of a phrase may then stand anywhere. Function words and prefixes are not looked for, and nothing is forbidden.
    """
    return _written(_permitting(node), lambda term: " AND ".join(_loose_words(term, lexicon, reading)))


def rank_words(node: Node, lexicon: Lexicon) -> list[tuple[str, str]]:
    """Return for each of the first telling words, once, what `articles_stems` is asked for: its bare form, and its skeleton."""
    found: dict[tuple[str, str], None] = {}
    for term in leaves(node):
        bare, skeletons = (_loose_words(term, lexicon, reading) for reading in ("forms", "stems"))
        found |= dict.fromkeys(zip(bare, skeletons, strict=True))
    return list(found)[:_MOST_RANKED]


def _telling(node: Node, lexicon: Lexicon) -> Node:
    if isinstance(node, Term):
        return node
    parts = tuple(_telling(part, lexicon) for part in node.parts)
    if isinstance(node, Every):
        parts = tuple(part for part in parts if not _tells_nothing(part, lexicon)) or parts
    return node._replace(parts=parts)


def _any_of(node: Node, lexicon: Lexicon) -> list[Node]:
    if isinstance(node, Term):
        return _words_apart(node, lexicon)
    there = list(dict.fromkeys(one for part in node.parts for one in _any_of(part, lexicon)))
    if isinstance(node, Every) and node.without:
        return [Every(parts=(Either(parts=tuple(there)),), without=node.without)]
    return there


def _words_apart(term: Term, lexicon: Lexicon) -> list[Node]:
    """Return the telling words of a term, or all if none is, and the term itself if it is a name that has a short one."""
    last = len(term.words) - 1
    words: list[Node] = [
        Term(
            words=(folded,),
            printed=(printed,),
            prefix=term.prefix and at == last,
            in_headline=term.in_headline,
        )
        for at, (folded, printed) in enumerate(zip(term.words, term.printed, strict=True))
    ]
    found = [word for word in words if not _tells_nothing(word, lexicon)] or words
    return [*found, term] if not term.prefix and lexicon.shorter_names(list(term.words)) else found


def _tells_nothing(node: Node, lexicon: Lexicon) -> bool:
    return isinstance(node, Term) and not node.prefix and all(map(lexicon.is_function_word, node.printed))


def _permitting(node: Node) -> Node:
    if isinstance(node, Term):
        return node
    parts = tuple(map(_permitting, node.parts))
    return Every(parts=parts) if isinstance(node, Every) else Either(parts=parts)


def _asked_at_once(node: Node) -> Node:
    """Return a query that an index answers soon; 1,600 words took ten seconds."""
    if _size(node) > _MOST_WORDS:
        raise QueryError(f"more than {_MOST_WORDS} words; look for fewer of them")
    if _prefixes(node) > _MOST_PREFIXES:
        raise QueryError(f"more than {_MOST_PREFIXES} words with a *; look for fewer of them")
    return node


def _size(node: Node) -> int:
    """Count the words, those that must not be there as well."""
    return len(node.words) if isinstance(node, Term) else sum(map(_size, _branches(node)))


def _prefixes(node: Node) -> int:
    """Count the words that may go on; of the same beside each other only one is asked for."""
    return node.prefix if isinstance(node, Term) else sum(map(_prefixes, dict.fromkeys(_branches(node))))


def _branches(node: Every | Either) -> tuple[Node, ...]:
    return (*node.parts, *node.without) if isinstance(node, Every) else node.parts


def _written(node: Node, write: Callable[[Term], str]) -> str:
    """Write a tree in the language of FTS5; a part that says nothing is left out."""
    if isinstance(node, Term):
        return write(node)
    text = _joined(node.parts, " OR " if isinstance(node, Either) else " AND ", write)
    without = _joined(node.without, " OR ", write) if isinstance(node, Every) else ""
    return f"({text}) NOT ({without})" if text and without else text


def _joined(nodes: tuple[Node, ...], joint: str, write: Callable[[Term], str]) -> str:
    written = dict.fromkeys(_written(node, write) for node in nodes)
    return joint.join(f"({part})" for part in written if part)


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


def _loose_words(term: Term, lexicon: Lexicon, reading: Reading) -> list[str]:
    column = "headline : " if term.in_headline else ""
    whole = [
        word for word in term.printed[: len(term.printed) - term.prefix] if not lexicon.is_function_word(word)
    ]
    return [f'{column}"{lexicon.terms_of(word)[reading == "stems"]}"' for word in whole]


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
