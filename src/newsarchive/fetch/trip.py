"""A trip: one address asked for, and the redirects followed from there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from newsarchive.fetch.answers import Answer, Kind, last_value, redirect_target
from newsarchive.models import Fetched, Hop, Source

MOST_REDIRECTS = 5  # as RFC 9309, 2.3.1.2 has it for robots.txt


@dataclass(slots=True, kw_only=True)
class Trip:
    """Where one errand stands.

    Attributes:
        url: where it is now.
        seconds_left: of the total deadline.
        redirects: the answers that sent us on.
        robots: what robots.txt said last, if it was consulted.
        started_at: when the first request went out.
        seconds: spent in exchanges so far.
    """

    url: str
    kind: Kind
    source: Source
    seconds_left: float
    redirects: list[Hop] = field(default_factory=list)
    robots: str | None = None
    started_at: datetime | None = None
    seconds: float = 0.0

    def spend(self, seconds: float) -> None:
        """Count the time of one exchange."""
        self.seconds_left -= seconds
        self.seconds += seconds

    def move_on(self, answer: Answer) -> Answer | None:
        """Go where a redirect leads; if it leads nowhere, stay and return what went wrong."""
        target, wrong = redirect_target(self.url, last_value(answer.headers, b"location"))
        if wrong:
            return replace(answer, outcome=wrong, detail="a redirect to no address that can be asked for")
        if target in (self.url, *(hop.url for hop in self.redirects)):
            return replace(answer, outcome="redirects", detail="in a circle")
        if len(self.redirects) == MOST_REDIRECTS:
            return replace(answer, outcome="redirects", detail=f"more than {MOST_REDIRECTS}")
        self.redirects.append(
            Hop(url=self.url, status=answer.status or 0, headers=answer.headers, peer=answer.peer)
        )
        self.url = target
        return None

    def fetched(self, asked: str, answer: Answer, now: datetime) -> Fetched:
        """Return how it ended."""
        return Fetched(
            url=asked,
            final_url=self.url,
            outcome=answer.outcome,
            detail=answer.detail,
            status=answer.status,
            request_headers=answer.request_headers,
            headers=answer.headers,
            redirects=tuple(self.redirects),
            robots=self.robots,
            content=answer.content,
            started_at=self.started_at or now,
            seconds=self.seconds,
            retry_at=answer.retry_at,
            peer=answer.peer,
        )
