"""Rows of the workbook's sheets of visits, gatherings and materials, as {column key: stored value}."""

from itertools import groupby
from operator import itemgetter

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from canvass.reading import gather, in_chunks
from grids.enums import RegisterState
from grids.models import Cadre

from .models import Gathering, GatheringSpeaker, Handout, Opinion, Visit, VisitCadre


def visits(campaign, user):
    """The campaign's visits that the person may see, void ones out."""
    return Visit.objects.visible_to(user).filter(campaign=campaign, voided_at__isnull=True)


def gatherings(campaign, user):
    return Gathering.objects.visible_to(user).filter(campaign=campaign, voided_at__isnull=True)


def handouts(campaign, user):
    return Handout.objects.visible_to(user).filter(campaign=campaign, voided_at__isnull=True)


def opinions(campaign, user):
    """The campaign's words that the person may see; void, corrected and restricted ones out for everybody."""
    opinions = Opinion.objects.visible_to(user).unrestricted().filter(campaign=campaign)
    return opinions.exclude(marks__kind="void").exclude(nature="report")


def took_part(campaign, user):
    """{cadre id: code of one place} of those who visited, spoke or collected words in the campaign.

    Asked cadre by cadre, each from an index: grouping all visits would cost the database their memory.
    """
    went = visits(campaign, user).filter(cadres__cadre=OuterRef("pk")).order_by().values("grid_id")
    spoke = gatherings(campaign, user).filter(speakers__cadre=OuterRef("pk")).order_by().values("place_id")
    heard = opinions(campaign, user).filter(collector=OuterRef("pk")).order_by().values("place_id")
    somewhere = Coalesce(*(Subquery(rows[:1]) for rows in (went, spoke, heard)))
    cadres = Cadre.objects.order_by().annotate(somewhere=somewhere).filter(somewhere__isnull=False)
    return dict(cadres.values_list("pk", "somewhere"))


def numbers(queryset, ids):
    """{id: number} of those of the ids that the queryset holds."""
    return dict(queryset.filter(pk__in=set(ids) - {None}).order_by().values_list("pk", "number"))


def visit_rows(campaign, user):
    fields = (
        "pk", "number", "entry__number", "started_at", "outcome", "way", "people_met", "ended_at", "note",
    )  # fmt: skip
    for chunk in in_chunks(visits(campaign, user).order_by("started_at", "pk").values_list(*fields)):
        cadres = _staff_numbers(VisitCadre, "visit", chunk)
        for pk, number, entry, started_at, outcome, way, people_met, ended_at, note in chunk:
            yield {
                "number": number,
                "entry": entry,
                "started_at": started_at,
                "outcome": outcome,
                "cadres": cadres.get(pk),
                "way": way,
                "people_met": people_met,
                "ended_at": ended_at,
                "note": note,
            }


def gone_entry_rows(campaign, user, entries):
    """What was visited here and stands elsewhere today: its visits need it, so it is shown as moved away.

    `entries`: those that the register sheet holds anyway.
    """
    held = visits(campaign, user).filter(~Exists(entries.filter(pk=OuterRef("entry"))))
    fields = ("entry__number", "entry__kind", "grid_id", "entry__address")
    rows = held.order_by("entry", "-started_at", "-pk").values_list("entry", *fields)
    for _pk, last in groupby(rows.iterator(), key=itemgetter(0)):
        _pk, number, kind, grid, address = next(last)
        yield {"number": number, "kind": kind, "grid": grid, "address": address, "state": RegisterState.MOVED}


def _staff_numbers(through, owner, chunk):
    """{id of the record: staff numbers} of a chunk whose rows begin with their id."""
    rows = through.objects.filter(**{f"{owner}__in": [row[0] for row in chunk]})
    return gather(rows.order_by("pk").values_list(f"{owner}_id", "cadre__staff_number"))


def gathering_rows(campaign, user):
    fields = (
        "pk", "number", "kind", "held_on", "place_id", "topic", "venue", "speaker_level", "attendance",
    )  # fmt: skip
    for chunk in in_chunks(gatherings(campaign, user).order_by("held_on", "pk").values_list(*fields)):
        speakers = _staff_numbers(GatheringSpeaker, "gathering", chunk)
        for pk, number, kind, held_on, place, topic, venue, speaker_level, attendance in chunk:
            yield {
                "number": number,
                "kind": kind,
                "held_on": held_on,
                "place": place,
                "topic": topic,
                "venue": venue,
                "speaker_level": speaker_level,
                "speakers": speakers.get(pk),
                "attendance": attendance,
            }


def material_rows(campaign, user):
    fields = ("number", "given_on", "kind", "place_id", "copies", "visit_id")
    for chunk in in_chunks(handouts(campaign, user).order_by("given_on", "pk").values_list(*fields)):
        # A visit that is void, or not this person's to see, is not in the workbook either.
        visit_numbers = numbers(visits(campaign, user), [row[-1] for row in chunk])
        for number, given_on, kind, place, copies, visit in chunk:
            yield {
                "number": number,
                "given_on": given_on,
                "kind": kind,
                "place": place,
                "copies": copies,
                "visit": visit_numbers.get(visit),
            }
