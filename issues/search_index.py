"""An index of character pairs, so that two Chinese characters are found without reading every text.

The database itself keeps it, like any index, so no door can forget it: PostgreSQL a GIN index over a function,
SQLite an FTS5 table behind triggers (Django's ALTER drops those; each migrate makes them anew and adds what
is missing). Each answers with candidates: every row that holds the words, and perhaps some that do not.
"""

from itertools import pairwise

from django.db import connections

# More pairs than these make the question dearer, not the answer shorter.
MOST_PAIRS = 24


def rows_by_title(words, connection):
    """SQL and parameters for the issues whose number or title may hold the words; None where only a scan helps."""
    return _question(words, connection, _TITLES)


def rows_by_words(words, connection):
    """The same for opinions and what the resident said."""
    return _question(words, connection, _WORDS)


def _question(words, connection, statements):
    if connection.vendor == "postgresql":
        return (statements["postgresql"], [words[: MOST_PAIRS + 1]]) if len(words) > 1 else None
    # The tokenizer parts at ASCII signs and blanks, so a pair that holds one finds nothing.
    pairs = [a + b for a, b in pairwise(words) if _is_token(a) and _is_token(b)]
    pairs = list(dict.fromkeys(pairs))[:MOST_PAIRS]
    return (statements["sqlite"], [" ".join(f'"{pair}"' for pair in pairs)]) if pairs else None


def _is_token(letter):
    return not letter.isascii() or letter.isalnum()


_TITLES = {
    "postgresql": "SELECT id FROM issues_issue "
    "WHERE canvass_pairs(number || ' ' || title) @> canvass_pairs(%s)",
    "sqlite": "SELECT rowid FROM issues_issue_pairs WHERE issues_issue_pairs MATCH %s",
}
_WORDS = {
    "postgresql": "SELECT id FROM visits_opinion WHERE canvass_pairs(words_verbatim) @> canvass_pairs(%s)",
    "sqlite": "SELECT rowid FROM visits_opinion_pairs WHERE visits_opinion_pairs MATCH %s",
}


# --- How it is built --------------------------------------------------------------------------------------------

# table: the text of its rows that is searched. Both databases keep `<table>_pairs`.
TEXTS = {"issues_issue": "{0}number || ' ' || {0}title", "visits_opinion": "{0}words_verbatim"}


def build(using, **kwargs):
    """Make what is missing; safe to repeat."""
    connection = connections[using]
    if not set(connection.introspection.table_names()) >= TEXTS.keys():
        return  # an early migration
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _postgresql():
    """The function folds as Django's icontains does, by UPPER. Whoever changes it has to REINDEX."""
    yield (
        "CREATE OR REPLACE FUNCTION canvass_pairs(words text) RETURNS text[] "
        "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000 AS $$ "
        "SELECT coalesce(array_agg(DISTINCT letter || follows), '{}') FROM ("
        "SELECT letter, lead(letter) OVER (ORDER BY place) AS follows "
        "FROM unnest(string_to_array(upper(words), NULL)) WITH ORDINALITY AS letters(letter, place)"
        ") AS pairs WHERE follows IS NOT NULL $$"
    )
    for table, text in TEXTS.items():
        # Looked for first: even CREATE INDEX IF NOT EXISTS waits for the table.
        yield (
            f"DO $do$ BEGIN IF to_regclass('{table}_pairs') IS NULL THEN "
            f"CREATE INDEX {table}_pairs ON {table} USING gin (canvass_pairs({text.format('')})); "
            "END IF; END $do$"
        )


def _sqlite():
    """A trigger speaks of its own table only: Django could not remake a table that another one's names."""
    for table, text in TEXTS.items():
        index = f"{table}_pairs"
        yield (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} "
            "USING fts5(pairs, detail=none, columnsize=0, tokenize='ascii')"
        )
        new, drop = _pairs(text.format("NEW.")), f"DELETE FROM {index} WHERE rowid ="  # noqa: S608 own names
        put = f"{drop} NEW.id; INSERT INTO {index}(rowid, pairs) SELECT NEW.id, {new};"
        for action, body in (("INSERT", put), ("UPDATE", put), ("DELETE", f"{drop} OLD.id;")):
            name = f"{index}_{action.lower()}"
            columns = f" OF {', '.join(_columns(text))}" if action == "UPDATE" else ""
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} AFTER {action}{columns} ON {table} BEGIN {body} END"
        # Rows that came before the triggers.
        yield (
            f"INSERT INTO {index}(rowid, pairs) SELECT id, {_pairs(text.format(''))} "  # noqa: S608 own names
            f"FROM {table} WHERE id NOT IN (SELECT rowid FROM {index})"
        )


def _columns(text):
    return [word.removeprefix("{0}") for word in text.split() if word.startswith("{0}")]


def _pairs(text):
    """The pairs of a text as one text. An array of so many noughts counts the characters: SQLite has no series."""
    noughts = f"'[0' || replace(hex(zeroblob(max(length({text}) - 2, 0))), '00', ',0') || ']'"
    return f"(SELECT group_concat(substr({text}, key + 1, 2), ' ') FROM json_each({noughts}))"  # noqa: S608 own names
