"""Politely over HTTP: the one place of newsarchive that talks to the network.

`Door` makes all requests of a run; `next_check`, `next_try` and `next_look` say when to come back. What a network, a server or
an address does is never an exception here, it is the outcome of a `Fetched`:

===================== ==============================================================================================
ok, not-modified      read in full, or unchanged since the validators that were sent
connect, dns, tls     no connection, no such host (or no answer about it), no trustworthy certificate
timeout               the total deadline passed
protocol              not HTTP, or closed before an answer, twice
truncated, decode     the body ended early, or is not in the coding that its header names
too-large, type       over the size limit, or a kind of content that was not asked for; the body is not read
redirects             more than five, in a circle, or to nowhere
bad-url               cannot be asked for: malformed, not http(s), or with a user name in it
private-address       the host is not on the public internet (`allow_private` lifts this for one source)
robots                robots.txt says no; nothing was asked
robots-unreachable    robots.txt could not be had, which means no for an hour
blocked               a bot wall answered
rate-limited          429; the host is left alone until `retry_at`
unavailable           503; the same
paused                nothing was asked, because the host is being left alone until `retry_at`
gone, not-found       410, 404
http-NNN              any other status
===================== ==============================================================================================
"""

from newsarchive.fetch.door import Door
from newsarchive.fetch.robots import KnownRobots
from newsarchive.fetch.schedule import is_attempt, next_check, next_look, next_try

__all__ = ["Door", "KnownRobots", "is_attempt", "next_check", "next_look", "next_try"]
