"""The saved queries. Their parameters may be left empty, except the words to look for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question that analysts ask again and again.

    Attributes:
        name: its address.
        title: for people.
        description: what it answers, and what its parameters are.
        sql: in capitals; named parameters.
        fragment: the chart that datasette-vega draws of the answer, as it writes it into the address.
        needs: columns of `articles` without which it cannot be asked.
    """

    name: str
    title: str
    description: str
    sql: str
    fragment: str | None = None
    needs: frozenset[str] = frozenset()


def _chart(mark: str, x: str, y: str, color: str | None = None) -> str:
    parts = {"mark": mark, "x_column": x, "x_type": "ordinal", "y_column": y, "y_type": "quantitative"}
    if color:
        parts["color_column"] = color
    return "&".join(f"g.{key}={value}" for key, value in parts.items())


# Of these words, the days alone are read, from their index; the plus keeps SQLite from fetching every article.
_MENTIONS = """
FROM articles INDEXED BY articles_date
WHERE date IS NOT NULL AND +id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(:q))"""
_DAYS = """
    AND date >= coalesce(nullif(:since, ''), (SELECT date(max(date), '-1 year') FROM articles))
    AND date <= coalesce(nullif(:until, ''), '9999')"""

QUERIES = (
    Query(
        name="mentions_by_day",
        title="Mentions a day",
        description="How many articles of each day hold the words q. since and until are days, as 2018-01-09; without since, the last year.",
        sql=f"SELECT date AS day, count(*) AS articles{_MENTIONS}{_DAYS}\nGROUP BY date ORDER BY date",
        fragment=_chart("bar", "day", "articles"),
    ),
    Query(
        name="mentions_by_month",
        title="Mentions a month",
        description="How many articles of each month hold the words q.",
        sql=f"SELECT substr(date, 1, 7) AS month, count(*) AS articles{_MENTIONS}\nGROUP BY month ORDER BY month",
        fragment=_chart("bar", "month", "articles"),
    ),
    Query(
        name="best_matches",
        title="Best matches",
        description="The 50 articles that hold the words q and are most about them, with the part of the text around them.",
        sql="""
SELECT a.id, a.source, a.date, newsarchive_mark(:q, a.headline) AS headline_marked,
    newsarchive_snippet(:q, a.lede, a.body) AS snippet, a.url
FROM json_each(newsarchive_best(:q, 50)) AS best JOIN articles AS a ON a.id = best.value
ORDER BY best.key""",
    ),
    Query(
        name="edits_of_the_week",
        title="Edits of the week",
        description="Articles that their outlets changed within the last days (7 if left empty), the latest change first. Earlier texts are in revisions.",
        sql="""
SELECT a.id, a.source, a.revised_at, a.headline, r.headline AS headline_before, a.revisions, a.url
FROM articles AS a JOIN revisions AS r ON r.article = a.id AND r.number = a.revisions
WHERE a.revised_at >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-' || coalesce(nullif(:days, ''), 7) || ' days')
ORDER BY a.revised_at DESC""",
    ),
    Query(
        name="gone",
        title="Gone articles",
        description="Articles that are gone from their outlets, the latest first. since is a day.",
        sql="""
SELECT id, source, date, headline, gone_since, gone_reason, url
FROM articles WHERE gone_since IS NOT NULL AND gone_since >= :since
ORDER BY gone_since DESC""",
    ),
    Query(
        name="who_copied_whom",
        title="Who copied whom",
        description="In how many stories an outlet told what another one had told first. Which was first is judged by the instants that they claim.",
        sql="""
WITH told AS (
    SELECT story, source, first_value(source) OVER (PARTITION BY story ORDER BY sort_at, id) AS first
    FROM articles WHERE story IS NOT NULL
)
SELECT first, source AS then_told_by, count(DISTINCT story) AS stories
FROM told WHERE source <> first
GROUP BY first, source ORDER BY stories DESC, first, source""",
        needs=frozenset({"story"}),
    ),
    Query(
        name="undated",
        title="Articles without a date",
        description="Articles of which no date is certain, the newest first; source is an outlet's key.",
        sql="""
SELECT id, source, headline, first_seen, url
FROM articles WHERE date IS NULL AND source = coalesce(nullif(:source, ''), source)
ORDER BY sort_at DESC""",
    ),
    Query(
        name="articles_a_month",
        title="Articles a month",
        description="How many articles of each month there are.",
        sql="""
SELECT substr(date, 1, 7) AS month, count(*) AS articles
FROM articles WHERE date IS NOT NULL
GROUP BY month ORDER BY month""",
        fragment=_chart("bar", "month", "articles"),
    ),
)
