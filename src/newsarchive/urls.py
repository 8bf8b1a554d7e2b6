"""Addresses: one article, one canonical spelling.

Tracking parameters are dropped by name, never by guess: an unknown parameter may be the article's number (`?p=123`).
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

# Parameters that say where a reader came from: utm_* and what the large referrers append to links.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|ref_src|ref_url|__twitter_impression"
    r"|at_(medium|campaign|custom\d|link_\w+|format|ptr_name|bbc_team)|xtor|ocid|cmpid|ns_(mchannel|source|campaign|linkname))$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/:@!$&'()*+,;=~%-._"
_SAFE_QUERY = _SAFE_PATH + "?[]|"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TWIN = re.compile(r"^(www\d?|m|mobile|amp)\.")
_HOSTS = ("", "www.", "m.", "mobile.", "amp.")
_AMP_PATH = re.compile(r"/amp/*$")
_AMP_QUERY = re.compile(r"amp(?:=1?)?|outputType=amp", re.IGNORECASE)
_AMP_QUERIES = ("amp", "amp=1", "outputType=amp")
_LONGEST = 4096
_LANGUAGE = "ar|en|fr|de|es|tr|ku|kmr|ckb|fa|ur|he|ru|it|pt|nl|sv|zh|arabic|english"
_HOME = re.compile(
    rf"/*(?:(?:{_LANGUAGE})(?:-[a-z]{{2}})?/*)?(?:(?:index|default|home|main)(?:\.(?:php|html?|aspx?|jsp))?/*)?",
    re.IGNORECASE,
)
# Letters of any script, for feeds exist whose links lack the slash after the host; no space, control or bidi character.
_HOST = re.compile(r"(?:[^\W_]|[.%_~\u0300-\u036f\u064b-\u0655-])+|\[[0-9a-f:.]+\]")


def is_web_address(url: str) -> bool:
    """Whether `url` is an absolute http or https address that could be asked for, without credentials."""
    parts = _split(url)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return False
    return _HOST.fullmatch(_host(parts)) is not None


def canonical_url(url: str) -> str:
    """Return the one spelling under which the archive knows `url`.

    Scheme and host in lower case, default port and fragment gone, tracking parameters dropped, percent-encoding
    as UTF-8 in upper case with unreserved characters decoded (RFC 3986, 6.2.2), an empty path as `/`. Idempotent.
    A string that is no web address comes back stripped.
    """
    url = url.strip()
    parts = _split(url)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    path = _encode(parts.path or "/", _SAFE_PATH)
    kept = [
        field for field in parts.query.split("&") if field and not _TRACKING.match(field.partition("=")[0])
    ]
    return urlunsplit((parts.scheme, _netloc(parts), path, _encode("&".join(kept), _SAFE_QUERY), ""))


def absolute_url(base: str, link: str) -> str | None:
    """Resolve `link` as printed on the page or feed at `base`; None unless the result is a web address."""
    try:
        joined = urljoin(base, link.strip())
    except ValueError:
        return None
    return joined if is_web_address(joined) else None


def host_of(url: str) -> str:
    """Return the host with its port if that is not the scheme's own, lower case; empty for no web address."""
    parts = _split(url)
    return _netloc(parts) if parts is not None and parts.hostname else ""


def bare_host(url: str) -> str:
    """Return `host_of` without `www.`, `m.`, `mobile.` or `amp.`."""
    return _TWIN.sub("", host_of(url))


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are on one host, `www.`, `m.` and `amp.` twins included."""
    return bare_host(one) == bare_host(other) != ""


def same_place(one: str, other: str) -> bool:
    """Whether two addresses differ only in scheme, `www.`, a slash at the end, or in being for telephones (`m.`, `amp.`, `/amp`, `?amp=1`)."""
    return _place(one) == _place(other)


def same_rendering(one: str, other: str) -> bool:
    """Whether two addresses of one place are both, or neither of them, for telephones: else its page says the same otherwise."""
    return same_place(one, other) and _is_mobile(one) == _is_mobile(other)


def twins(url: str) -> list[str]:
    """Return the canonical spellings of one place: of both schemes, with and without the last slash, and its mobile and AMP addresses."""
    parts = _split(canonical_url(url))
    place = _place(url)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or isinstance(place, str):
        return [url]
    host, path, query = place
    hosts = dict.fromkeys([parts.netloc, *(prefix + host for prefix in _HOSTS)])
    known = [(path or "/", query), (f"{path}/", query), (f"{path}/amp", query), (f"{path}/amp/", query)]
    known += [(path or "/", "&".join(filter(None, (query, amp)))) for amp in _AMP_QUERIES]
    return [
        urlunsplit((scheme, netloc, path, query, ""))
        for scheme in _DEFAULT_PORTS
        for netloc in hosts
        for path, query in dict.fromkeys(known)
    ]


def is_home(url: str) -> bool:
    """Whether `url` is a site's front page: no path beyond a language or an index file, no query that names a page."""
    parts = _split(url)
    return parts is not None and not _names_a_page(parts.query) and _HOME.fullmatch(parts.path) is not None


def is_wordpress_key(url: str) -> bool:
    """Whether `url` is WordPress's lasting address of one article: the site's root with its number, `?p=123`."""
    parts = _split(url)
    return parts is not None and parts.path in {"", "/"} and re.fullmatch("p=[0-9]+", parts.query) is not None


def _split(url: str) -> SplitResult | None:
    if len(url) > _LONGEST or any(char < " " or char == "\x7f" for char in url):
        return None
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018 - asks whether the port can be read
    except ValueError:
        return None
    return parts


def _place(url: str) -> tuple[str, str, str] | str:
    parts = _split(canonical_url(url))
    if parts is None:
        return url
    query = "&".join(field for field in parts.query.split("&") if not _AMP_QUERY.fullmatch(field))
    return _TWIN.sub("", parts.netloc), _AMP_PATH.sub("", parts.path.rstrip("/")), query


def _is_mobile(url: str) -> bool:
    parts = _split(canonical_url(url))
    return parts is not None and (
        parts.netloc.startswith(("m.", "mobile.", "amp."))
        or _AMP_PATH.search(parts.path) is not None
        or any(_AMP_QUERY.fullmatch(field) for field in parts.query.split("&"))
    )


def _names_a_page(query: str) -> bool:
    return any(
        re.match(r"(p|id|page_id|article|story|news|nid|feed)=", field, re.IGNORECASE)
        for field in query.split("&")
    )


def _netloc(parts: SplitResult) -> str:
    default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return _host(parts) if default else f"{_host(parts)}:{parts.port}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    return f"[{host}]" if ":" in host else _punycode(host)


def _punycode(host: str) -> str:
    if host.isascii():
        return host
    import idna  # noqa: PLC0415 - few hosts need it; Python's own codec knows only the rules of 2003

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _encode(text: str, safe: str) -> str:
    decoded = _ESCAPE.sub(_normal_escape, text)
    bare = re.sub(r"%(?![0-9A-F]{2})", "%25", decoded)
    return quote(bare, safe=safe, errors="replace")


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()
