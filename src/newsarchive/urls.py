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
_LONGEST = 4096


def is_web_address(url: str) -> bool:
    """Whether `url` is an absolute http or https address that could be asked for, without credentials."""
    parts = _split(url)
    return (
        parts is not None
        and parts.scheme in _DEFAULT_PORTS
        and bool(parts.hostname)
        and "@" not in parts.netloc
    )


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


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are on one host, `www.`, `m.` and `amp.` twins included."""
    return _TWIN.sub("", host_of(one)) == _TWIN.sub("", host_of(other)) != ""


def is_home(url: str) -> bool:
    """Whether `url` is a site's front page: no path beyond a language code, no query."""
    parts = _split(url)
    return (
        parts is not None
        and not parts.query
        and re.fullmatch(r"/*([a-z]{2}(-[a-z]{2})?)?/*", parts.path) is not None
    )


def _split(url: str) -> SplitResult | None:
    if len(url) > _LONGEST or any(char < " " or char == "\x7f" for char in url):
        return None
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018 - asks whether the port can be read
    except ValueError:
        return None
    return parts


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else _punycode(host)
    default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return host if default else f"{host}:{parts.port}"


def _punycode(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _encode(text: str, safe: str) -> str:
    decoded = _ESCAPE.sub(_normal_escape, text)
    bare = re.sub(r"%(?![0-9A-F]{2})", "%25", decoded)
    return quote(bare, safe=safe, errors="replace")


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()
