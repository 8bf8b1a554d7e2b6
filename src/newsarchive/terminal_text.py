"""Outside text made fit to be shown: it commands no terminal, and its direction moves nothing beside it.

A terminal that knows the Unicode bidi algorithm (UAX #9) gives each line one direction, and most take left to right
unless they are told to look: VTE does after `CSI ?2501h` (terminal-wg.pages.freedesktop.org/bidi), and then takes the
first strong letter outside of isolates. That is seldom right (an Arabic headline may begin with BBC), so a line says its
direction itself, by a mark outside; the isolate within orders its words in terminals that look for no mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

# C1 controls, line and paragraph separators, bidi embeddings, overrides and isolates, BOM, lone surrogates, tag characters.
# LRM, RLM, ALM, ZWJ and ZWNJ stay: spelling needs them, and no mark reaches beyond its isolate.
_BEYOND_ASCII = (
    "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
_UNSAFE = f"[\x00-\x1f{_BEYOND_ASCII}]+"

# The blocks that hold every letter, digit and mark of right-to-left scripts (DerivedBidiClass.txt), and RLM.
_RTL = "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_WORD = re.compile(r"[^\W\d_]+")

_LRM, _RLM = "\u200e", "\u200f"
_LRI, _RLI, _PDI = "\u2066", "\u2067", "\u2069"
_LOOK, _LOOK_NO_MORE = "\x1b[?2501h", "\x1b[?2501l"


def safe(text: str) -> str:
    """Return outside text as one line that no terminal can take for a command."""
    return spaced(text).strip()


def spaced(text: str) -> str:
    """`safe` without trimming, for a part of a line."""
    return text if text.isprintable() else re.sub(_UNSAFE, " ", text)


def reads_rtl(text: str, around: str = "") -> bool:
    """Whether a line reads right to left: it has such letters, and half of its words do, or of the words around it.

    Those around it are for headlines, of which Latin names can be the larger part.
    """
    return _rtl().search(text) is not None and (_is_half_rtl(text) or _is_half_rtl(around))


def isolated(text: str, *, ltr: bool = False) -> str:
    """Return a text for a left-to-right line, in which it reads in its direction and moves nothing.

    Args:
        text: without commands.
        ltr: it is an address, or what else machines write, and reads left to right whatever its letters.
    """
    # The mark is for terminals that know no isolates or look for a direction, and for VTE's first column (see `own_line`).
    return _isolate(text, rtl=not ltr and reads_rtl(text)) + (_LRM if _rtl().search(text) else "")


def own_line(text: str, *, rtl: bool, indent: str = "") -> str:
    """Return a text, which may hold colours, as a line of its own that reads in its direction.

    VTE keeps what has no width only behind a character, so a line that reads right to left begins with a space. The
    mode holds for the line at whose first column it is set, and is reset before that line ends.
    """
    if not rtl:
        return indent + isolated(text, ltr=True)
    return f"{_LOOK}{indent or ' '}{_RLM}{_isolate(text, rtl=True)}{_LOOK_NO_MORE}"


def json_text(
    value: object, *, indent: int | None = 2, default: Callable[[object], object] | None = None
) -> str:
    """Write JSON, Arabic readable; what no terminal should get is escaped, which is the same to a program.

    Raises:
        TypeError: JSON has no form for a value, and `default` gives none.
    """
    import json  # noqa: PLC0415 - search must start at once

    written = json.dumps(value, ensure_ascii=False, indent=indent, default=default)
    return re.sub(f"[{_BEYOND_ASCII}]", lambda found: json.dumps(found[0])[1:-1], written)


@cache
def _rtl() -> re.Pattern[str]:
    return re.compile(_RTL)  # which takes 1 ms, and is of no use in a pipe


def _is_half_rtl(text: str) -> bool:
    words = _WORD.findall(text)
    rtl = sum(1 for word in words if _rtl().match(word))
    return rtl > 0 and 2 * rtl >= len(words)


def _isolate(text: str, *, rtl: bool) -> str:
    """Text without such letters needs no isolate in a left-to-right line, and is copied without invisible characters."""
    return f"{_RLI if rtl else _LRI}{text}{_PDI}" if _rtl().search(text) else text
