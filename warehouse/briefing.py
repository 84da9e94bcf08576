"""What a day's briefing asks of the published snapshot: the articles of one day (UTC), and what they say.

Reads only; nothing is rendered here. An article is of the day on which it says it was published, else of that on which
it was first seen; one whose text is no longer kept is counted and not shown.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta

import duckdb

from warehouse.briefing_records import (
    Briefing,
    DayAhead,
    Deed,
    FlowAccount,
    HeadlineChange,
    NewName,
    Place,
    Quotation,
    Story,
)
from warehouse.errors import Terminal
from warehouse.upkeep import source_conditions

DAYS_AHEAD = 14
LOOK_BACK_DAYS = 30  # how old an article may be that speaks of a day ahead
STORIES, QUOTES, EVENTS, NAMES, PLACES, CHANGES = 40, 12, 12, 24, 60, 12
DAYS_SHOWN_EACH = 3  # mentions of one day ahead
AROUND_CHARACTERS = 200  # of the text before and after each
QUOTE_CHARACTERS = (25, 400)

_OF_DAY = """
CREATE OR REPLACE TEMP TABLE of_day AS
SELECT d.*, length(a.text) > 0 AS has_text
FROM (
    SELECT article_id, coalesce(duplicate_of, article_id) AS story_id, source_id, word_count, language, published_at,
        coalesce(published_at, first_seen_at) AS out_at, duplicate_of IS NULL AS is_original
    FROM articles
    WHERE coalesce(published_at, first_seen_at) >= $since AND coalesce(published_at, first_seen_at) < $until
) AS d JOIN articles AS a USING (article_id)
"""
_SPREAD = """
CREATE OR REPLACE TEMP TABLE spread AS
SELECT story_id, count(DISTINCT source_id) AS sources, count(*) AS articles
FROM of_day WHERE has_text GROUP BY story_id
"""
_COUNTS = """
SELECT count(*) FILTER (has_text), count(*) FILTER (NOT has_text), count(*) FILTER (NOT is_original AND has_text),
    count(DISTINCT source_id) FILTER (has_text), coalesce(CAST(sum(word_count) FILTER (has_text) AS BIGINT), 0),
    count(DISTINCT story_id) FILTER (has_text),
    count(*) FILTER (has_text AND (published_at IS NULL OR published_at = date_trunc('day', published_at)))
FROM of_day
"""
_STORIES = """
SELECT o.display_title, o.canonical_url, o.language, o.summary, coalesce(os.title, o.source_id),
    coalesce(o.published_at, o.first_seen_at), o.word_count, t.sources, s.articles, t.ids || [o.article_id]
FROM (FROM spread ORDER BY sources DESC, articles DESC) AS s
JOIN articles AS o ON o.article_id = s.story_id AND length(o.text) > 0
LEFT JOIN sources AS os ON os.source_id = o.source_id
JOIN (
    SELECT story_id, list(name ORDER BY out_at, name) AS sources, flatten(list(ids)) AS ids
    FROM (
        SELECT d.story_id, coalesce(x.title, d.source_id) AS name, min(d.out_at) AS out_at, list(d.article_id) AS ids
        FROM of_day AS d LEFT JOIN sources AS x USING (source_id) WHERE has_text GROUP BY d.story_id, name
    )
    GROUP BY story_id
) AS t USING (story_id)
ORDER BY s.sources DESC, o.word_count DESC, o.article_id LIMIT $most
"""
_QUOTES = """
WITH whole AS (
    SELECT article_id, speaker_id, any_value(speaker) AS speaker, any_value(verb) AS verb,
        string_agg(trim(quote), '” “' ORDER BY start_char) AS quote, any_value(addressee) AS addressee,
        min(confidence) AS confidence, min(start_char) AS start_char, any_value(source) AS source,
        any_value(title) AS title, any_value(url) AS url
    FROM who_said_what SEMI JOIN (FROM of_day WHERE has_text) AS d USING (article_id)
    WHERE speaker_id IS NOT NULL AND kind = 'direct'
    GROUP BY article_id, speaker_id, coalesce(number, -start_char)
), ranked AS (
    SELECT w.*, d.language,
        row_number() OVER (PARTITION BY speaker_id ORDER BY round(confidence, 1) DESC, s.sources DESC,
            length(quote) DESC, w.article_id, start_char) AS place,
        row_number() OVER (PARTITION BY w.article_id ORDER BY confidence DESC, length(quote) DESC, start_char)
            AS place_in_article,
        s.sources AS spread
    FROM whole AS w JOIN of_day AS d USING (article_id) JOIN spread AS s USING (story_id)
    WHERE length(quote) BETWEEN $shortest AND $longest
)
SELECT r.speaker, o.role, r.verb, r.quote, r.addressee, r.language, r.source, r.title, r.url, [r.article_id],
    (SELECT count(*) FROM whole)
FROM ranked AS r
LEFT JOIN (
    SELECT article_id, entity_id, arg_max(surface, (confidence, -start_char)) AS role
    FROM roles SEMI JOIN of_day USING (article_id) GROUP BY article_id, entity_id
) AS o ON o.article_id = r.article_id AND o.entity_id = r.speaker_id
WHERE place = 1 AND place_in_article <= 2
ORDER BY round(confidence, 1) DESC, spread DESC, confidence DESC, r.article_id, r.start_char LIMIT $most
"""
_EVENTS = """
WITH told AS (
    SELECT e.*, d.language, s.sources AS spread,
        row_number() OVER (PARTITION BY coalesce(actor_id, actor), action, coalesce(target_id, target)
            ORDER BY e.confidence DESC, s.sources DESC, e.article_id, e.start_char) AS place_alike,
        row_number() OVER (PARTITION BY e.article_id ORDER BY e.confidence DESC, e.start_char) AS place_in_article
    FROM who_did_what AS e
    JOIN (FROM of_day WHERE has_text) AS d USING (article_id) JOIN spread AS s USING (story_id)
    WHERE actor IS NOT NULL
)
SELECT actor, verb, target, action, status, place, language, source, title, url, [article_id],
    (SELECT count(*) FROM told)
FROM told
WHERE place_alike = 1 AND place_in_article <= 2
ORDER BY (actor_id IS NULL)::INTEGER + (target_id IS NULL)::INTEGER, target IS NULL, spread DESC, confidence DESC,
    article_id, start_char
LIMIT $most
"""
_NAMES = """
WITH named AS (
    SELECT m.entity_id, count(DISTINCT m.article_id) AS articles, list(DISTINCT m.article_id) AS ids,
        arg_min(m.article_id, (d.out_at, m.article_id)) AS first_id
    FROM mentions AS m JOIN of_day AS d USING (article_id) WHERE d.is_original AND d.has_text GROUP BY m.entity_id
), earlier AS (
    SELECT DISTINCT m.entity_id
    FROM mentions AS m SEMI JOIN (
        FROM articles WHERE duplicate_of IS NULL AND coalesce(published_at, first_seen_at) < $since
    ) AS a USING (article_id)
    SEMI JOIN named USING (entity_id)
), fresh AS (FROM named ANTI JOIN earlier USING (entity_id))
SELECT e.name, e.label, r.role, n.articles, a.language, a.display_title, a.canonical_url, n.ids,
    (SELECT count(*) FROM fresh)
FROM fresh AS n JOIN entities AS e USING (entity_id) JOIN articles AS a ON a.article_id = n.first_id
LEFT JOIN (
    SELECT entity_id, arg_max(surface, (confidence, -start_char)) AS role
    FROM roles SEMI JOIN of_day USING (article_id) GROUP BY entity_id
) AS r ON r.entity_id = n.entity_id
ORDER BY n.articles DESC, r.role IS NULL, list_position(['PERSON', 'ORG'], e.label) NULLS LAST, e.name, e.entity_id
LIMIT $most
"""
_AHEAD = """
WITH told AS (
    SELECT d.*, a.source_id, a.language, a.display_title, a.canonical_url,
        coalesce(published_at, first_seen_at) AS out_at,
        row_number() OVER (PARTITION BY d.first_day, d.article_id ORDER BY d.start_char) AS place_in_article
    FROM dates AS d JOIN (
        FROM articles
        WHERE duplicate_of IS NULL AND coalesce(published_at, first_seen_at) >= $recent
            AND coalesce(published_at, first_seen_at) < $until
    ) AS a USING (article_id)
    WHERE d.first_day = d.last_day AND d.first_day BETWEEN $first_day AND $last_day
), ranked AS (
    SELECT *, count(*) OVER (PARTITION BY first_day) AS articles,
        row_number() OVER (PARTITION BY first_day ORDER BY out_at DESC, article_id) AS place
    FROM told WHERE place_in_article = 1
)
SELECT first_day, articles, substr(a.text, greatest(start_char - $around, 0) + 1, least(start_char, $around)),
    surface, substr(a.text, end_char + 1, $around), r.language, coalesce(s.title, r.source_id), r.display_title,
    r.canonical_url, [r.article_id]
FROM ranked AS r JOIN articles AS a USING (article_id) LEFT JOIN sources AS s ON s.source_id = r.source_id
WHERE place <= $each AND length(a.text) > 0 ORDER BY first_day, place
"""
_PLACES = """
SELECT any_value(p.name), p.country, p.latitude, p.longitude, count(DISTINCT p.article_id) AS articles,
    list(DISTINCT p.article_id)
FROM places AS p JOIN of_day AS d USING (article_id)
WHERE d.is_original AND d.has_text AND p.latitude IS NOT NULL AND p.longitude IS NOT NULL AND p.name IS NOT NULL
GROUP BY p.country, p.latitude, p.longitude
ORDER BY articles DESC, 1 LIMIT $most
"""
_UNRESOLVED = """
SELECT count(DISTINCT entity_id) FILTER (latitude IS NULL)
FROM places SEMI JOIN (FROM of_day WHERE is_original AND has_text) AS d USING (article_id)
"""
_TOPICS = """
SELECT name, level, count(DISTINCT article_id) AS articles
FROM topics SEMI JOIN (FROM of_day WHERE is_original AND has_text) AS d USING (article_id)
GROUP BY code, name, level ORDER BY level, articles DESC, name
"""
_HOURS = """
SELECT hour(published_at), count(*) FROM of_day
WHERE has_text AND published_at <> date_trunc('day', published_at) GROUP BY ALL
"""
_CHANGES = """
SELECT title_before, title_after, seen_at, a.language, h.source, h.url, [h.article_id]
FROM headline_changes AS h JOIN articles AS a USING (article_id)
WHERE seen_at >= $since AND seen_at < $until AND length(a.text) > 0
ORDER BY seen_at DESC, h.article_id LIMIT $most
"""
_RUNS = """
SELECT flow, count(*), CAST(sum(entries_in) AS BIGINT), CAST(sum(entries_landed) AS BIGINT),
    CAST(sum(entries_dropped) AS BIGINT), CAST(sum(articles_new) AS BIGINT), CAST(sum(articles_copies) AS BIGINT),
    CAST(sum(articles_revised) AS BIGINT)
FROM runs WHERE started_at >= $since AND started_at < $until GROUP BY flow ORDER BY flow
"""
_DROPS = """
SELECT drop.key, CAST(sum(drop.value) AS BIGINT) AS entries
FROM (
    SELECT unnest(map_entries(dropped_by_reason)) AS drop FROM runs
    WHERE started_at >= $since AND started_at < $until
)
WHERE drop.key <> 'known' GROUP BY ALL ORDER BY entries DESC, 1
"""
_KNOWS_EVENTS = "SELECT 1 FROM duckdb_views() WHERE view_name = 'who_did_what'"
_SNAPSHOT_AT = "SELECT max(finished_at) FROM runs"


def briefing(connection: duckdb.DuckDBPyConnection, day: date) -> Briefing:
    """Ask the snapshot of a day.

    Raises Terminal ``snapshot_older`` for a snapshot that an earlier version published.
    """
    if not connection.execute(_KNOWS_EVENTS).fetchall():
        raise Terminal(
            "snapshot_older",
            "The snapshot was published by an earlier version of Dateline. Run `dateline ingest`, which publishes "
            "it anew.",
        )
    since = datetime.combine(day, time(), tzinfo=UTC)
    until = since + timedelta(days=1)
    period = {"since": since, "until": until}

    def rows(sql: str, **told: object) -> list[tuple]:
        return connection.execute(sql, told or None).fetchall()

    rows(_OF_DAY, **period)
    rows(_SPREAD)
    ((articles, without_text, copies, sources, words, stories_count, untimed),) = rows(_COUNTS)
    shortest, longest = QUOTE_CHARACTERS
    quotes = rows(_QUOTES, shortest=shortest, longest=longest, most=QUOTES)
    events = rows(_EVENTS, most=EVENTS)
    names = rows(_NAMES, since=since, most=NAMES)
    ahead = rows(
        _AHEAD,
        recent=until - timedelta(days=LOOK_BACK_DAYS),
        until=until,
        first_day=day + timedelta(days=1),
        last_day=day + timedelta(days=DAYS_AHEAD),
        each=DAYS_SHOWN_EACH,
        around=AROUND_CHARACTERS,
    )
    by_hour = dict(rows(_HOURS))
    conditions = source_conditions(connection)
    return Briefing(
        day=day,
        articles=articles,
        articles_without_text=without_text,
        copies=copies,
        sources=sources,
        words=words,
        stories_count=stories_count,
        stories=_records(Story, rows(_STORIES, most=STORIES)),
        quotes_count=quotes[0][-1] if quotes else 0,
        quotes=_records(Quotation, quotes),
        events_count=events[0][-1] if events else 0,
        events=_records(Deed, events),
        names_count=names[0][-1] if names else 0,
        names=_records(NewName, names),
        ahead=_records(DayAhead, ahead),
        places=_records(Place, rows(_PLACES, most=PLACES)),
        places_unresolved=rows(_UNRESOLVED)[0][0],
        topics=rows(_TOPICS),
        hours=[by_hour.get(hour, 0) for hour in range(24)],
        untimed=untimed,
        changes=_records(HeadlineChange, rows(_CHANGES, **period, most=CHANGES)),
        conditions=[row for row in conditions if row[1] != "active"],
        sources_enabled=len(conditions),
        runs=_records(FlowAccount, rows(_RUNS, **period)),
        drops=rows(_DROPS, **period),
        snapshot_at=rows(_SNAPSHOT_AT)[0][0],
    )


def _records(record: type, rows: Sequence[tuple]) -> list:
    """Rows as records, column by column; what a row has beyond them is left out."""
    names = [field.name for field in fields(record)]
    return [record(**dict(zip(names, row, strict=False))) for row in rows]
