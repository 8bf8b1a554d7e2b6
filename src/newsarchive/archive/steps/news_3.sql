-- What articles are ranked by, and found by in a looser reading. Of every telling word of lede and body its bare form (no clitics,
-- one spelling) and, after a mark that no query can hold, its skeleton; each stored once, in the column of how often it stands there.
-- Not detail=column: bm25 of a contentless table is then 0 for every row. Not of interest to programs without newsarchive.
CREATE VIRTUAL TABLE articles_stems USING fts5 (once, twice, often, headline, content='');

-- Copies, such as of an agency's report, are one story: it is named by the smallest id of its articles.
ALTER TABLE articles ADD COLUMN story INTEGER;
CREATE INDEX articles_story ON articles(story) WHERE story IS NOT NULL;

-- What stands between spaces and line ends. The triggers count it; to count it when it is asked for would take seconds.
ALTER TABLE articles ADD COLUMN words INTEGER;
UPDATE articles SET words = length(headline) - length(replace(headline, ' ', '')) + 1
    + coalesce(length(nullif(lede, '')) - length(replace(replace(lede, ' ', ''), char(10), '')) + 1, 0)
    + coalesce(length(nullif(body, '')) - length(replace(replace(body, ' ', ''), char(10), '')) + 1, 0);

-- Hashes, of 32 bits, of some runs of words of each article, by which its copies are found. Not of interest to programs without newsarchive.
CREATE TABLE prints (
    hash    INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID;

-- The articles whose story is still to be found; empty when a transaction ends.
CREATE TABLE unsettled (
    article INTEGER PRIMARY KEY
) STRICT;

DROP TRIGGER articles_insert;
CREATE TRIGGER articles_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts(rowid, headline, body, norm, forms) VALUES (
        new.id, newsarchive_text(NULL, new.headline), newsarchive_text(new.lede, new.body),
        newsarchive_norm(new.headline, new.lede, new.body), newsarchive_forms(new.headline, new.lede, new.body));
    INSERT INTO articles_stems(rowid, once, twice, often, headline) VALUES (
        new.id, newsarchive_once(new.headline, new.lede, new.body), newsarchive_twice(new.headline, new.lede, new.body),
        newsarchive_often(new.headline, new.lede, new.body), newsarchive_headline(new.headline, new.lede, new.body));
    INSERT INTO prints (hash, article)
    SELECT value, new.id FROM json_each(newsarchive_prints(new.headline, new.lede, new.body));
    UPDATE articles SET words = length(new.headline) - length(replace(new.headline, ' ', '')) + 1
        + coalesce(length(nullif(new.lede, '')) - length(replace(replace(new.lede, ' ', ''), char(10), '')) + 1, 0)
        + coalesce(length(nullif(new.body, '')) - length(replace(replace(new.body, ' ', ''), char(10), '')) + 1, 0)
    WHERE id = new.id;
    INSERT INTO unsettled VALUES (new.id) ON CONFLICT DO NOTHING;
END;

DROP TRIGGER articles_delete;
CREATE TRIGGER articles_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, headline, body, norm, forms) VALUES (
        'delete', old.id, newsarchive_text(NULL, old.headline), newsarchive_text(old.lede, old.body),
        newsarchive_norm(old.headline, old.lede, old.body), newsarchive_forms(old.headline, old.lede, old.body));
    INSERT INTO articles_stems(articles_stems, rowid, once, twice, often, headline) VALUES (
        'delete', old.id, newsarchive_once(old.headline, old.lede, old.body), newsarchive_twice(old.headline, old.lede, old.body),
        newsarchive_often(old.headline, old.lede, old.body), newsarchive_headline(old.headline, old.lede, old.body));
    DELETE FROM prints
    WHERE article = old.id AND hash IN (SELECT value FROM json_each(newsarchive_prints(old.headline, old.lede, old.body)));
    INSERT INTO unsettled SELECT id FROM articles WHERE story = old.story ON CONFLICT DO NOTHING;
    DELETE FROM unsettled WHERE article = old.id;
END;

DROP TRIGGER articles_update;
CREATE TRIGGER articles_update AFTER UPDATE ON articles
WHEN old.id IS NOT new.id OR old.headline IS NOT new.headline OR old.lede IS NOT new.lede OR old.body IS NOT new.body BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, headline, body, norm, forms) VALUES (
        'delete', old.id, newsarchive_text(NULL, old.headline), newsarchive_text(old.lede, old.body),
        newsarchive_norm(old.headline, old.lede, old.body), newsarchive_forms(old.headline, old.lede, old.body));
    INSERT INTO articles_stems(articles_stems, rowid, once, twice, often, headline) VALUES (
        'delete', old.id, newsarchive_once(old.headline, old.lede, old.body), newsarchive_twice(old.headline, old.lede, old.body),
        newsarchive_often(old.headline, old.lede, old.body), newsarchive_headline(old.headline, old.lede, old.body));
    DELETE FROM prints
    WHERE article = old.id AND hash IN (SELECT value FROM json_each(newsarchive_prints(old.headline, old.lede, old.body)));
    INSERT INTO unsettled SELECT id FROM articles WHERE story = old.story ON CONFLICT DO NOTHING;
    INSERT INTO articles_fts(rowid, headline, body, norm, forms) VALUES (
        new.id, newsarchive_text(NULL, new.headline), newsarchive_text(new.lede, new.body),
        newsarchive_norm(new.headline, new.lede, new.body), newsarchive_forms(new.headline, new.lede, new.body));
    INSERT INTO articles_stems(rowid, once, twice, often, headline) VALUES (
        new.id, newsarchive_once(new.headline, new.lede, new.body), newsarchive_twice(new.headline, new.lede, new.body),
        newsarchive_often(new.headline, new.lede, new.body), newsarchive_headline(new.headline, new.lede, new.body));
    INSERT INTO prints (hash, article)
    SELECT value, new.id FROM json_each(newsarchive_prints(new.headline, new.lede, new.body));
    UPDATE articles SET words = length(new.headline) - length(replace(new.headline, ' ', '')) + 1
        + coalesce(length(nullif(new.lede, '')) - length(replace(replace(new.lede, ' ', ''), char(10), '')) + 1, 0)
        + coalesce(length(nullif(new.body, '')) - length(replace(replace(new.body, ' ', ''), char(10), '')) + 1, 0)
    WHERE id = new.id;
    INSERT INTO unsettled VALUES (new.id) ON CONFLICT DO NOTHING;
END;

-- Texts of one outlet are copies only if more of them is the same.
CREATE TRIGGER articles_outlet AFTER UPDATE OF source ON articles WHEN old.source IS NOT new.source BEGIN
    INSERT INTO unsettled SELECT id FROM articles WHERE story = old.story ON CONFLICT DO NOTHING;
    INSERT INTO unsettled VALUES (new.id) ON CONFLICT DO NOTHING;
END;

-- A window of days is then read from the index alone.
DROP INDEX articles_date;
CREATE INDEX articles_date ON articles(date, sort_at);

-- What statistics are made of, one row an article.
CREATE VIEW article_figures (article, source, date, month, sort_at, words, gone, edited) AS
SELECT id, source, date, substr(date, 1, 7), sort_at, words, gone_since IS NOT NULL, revised_at IS NOT NULL
FROM articles;

-- How many articles each source has of each month; without a date: of the month NULL.
CREATE VIEW articles_by_month (source, month, articles, words) AS
SELECT source, month, count(*), sum(words) FROM article_figures GROUP BY source, month;

-- Each source, also one that has no article.
CREATE VIEW sources_summary (source, name, articles, words, first_date, last_date, undated, undated_share, gone, edited) AS
SELECT s.key, s.name, count(a.id), coalesce(sum(a.words), 0), min(a.date), max(a.date), count(a.id) - count(a.date),
    round(1.0 * (count(a.id) - count(a.date)) / count(a.id), 3), count(a.gone_since), count(a.revised_at)
FROM sources AS s LEFT JOIN articles AS a ON a.source = s.key
GROUP BY s.key;

-- All of them are then read from the index alone.
CREATE INDEX articles_counted ON articles(source, date, sort_at, words, gone_since, revised_at);
