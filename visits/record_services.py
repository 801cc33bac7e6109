"""What grid workers file beside visits: gatherings, materials, stay logs; deeds go through `file_record` too."""

from .filing import digest, file_once
from .models import GatheringSpeaker, Handout, StayLog
from .snapshots import role_on, snapshot


def file_record(record, *, by, client_id, more=(), hang=None):
    """(record, whether it is new). The same form sent twice is one record, also at the same moment.

    `more`: what the form says beside the record's columns; `hang(record)` saves what belongs to it. As with a
    visit, what is on its way while the office closes the campaign still counts: the page asked that it runs.
    Raises FilingConflict for other content under its identity. Costs one statement, and those of `hang`.
    """
    said = [str(getattr(record, record._meta.get_field(name).attname)) for name in record.columns]
    record.created_by, record.client_id = by, client_id
    record.content_hash = digest([record.campaign_id, *said, *more])

    def write(tail):
        # The key of a try that was rolled back is nobody's any more.
        record.pk, record.number = None, f"{record.prefix}{record.day:%Y%m%d}-{tail}"
        record.save(force_insert=True)
        if hang:
            hang(record)
        return record

    return file_once(type(record), by=by, client_id=client_id, content_hash=record.content_hash, write=write)


def file_gathering(gathering, *, by, client_id, speakers):
    """`speakers`: Companions; each is kept with name, department and role as of that day."""

    def hang(saved):
        GatheringSpeaker.objects.bulk_create(
            snapshot(
                GatheringSpeaker,
                speaker.cadre,
                role=role_on(speaker.postings, saved.held_on, saved.place_id),
                gathering=saved,
            )
            for speaker in speakers
        )

    numbers = sorted(speaker.cadre.pk for speaker in speakers)
    return file_record(gathering, by=by, client_id=client_id, more=[numbers], hang=hang)


def file_handouts(handouts, *, by, client_id):
    """One row a kind; the first carries the identity of the form, the others its number and theirs behind it."""
    first, *others = handouts

    def hang(saved):
        for n, handout in enumerate(others, start=2):
            handout.pk, handout.number = None, f"{saved.number}-{n}"
            handout.created_by, handout.content_hash = by, saved.content_hash
        Handout.objects.bulk_create(others)

    more = [[handout.kind, handout.copies] for handout in others]
    return file_record(first, by=by, client_id=client_id, more=more, hang=hang)


def of_one_form(handout):
    """The rows that one form filed, as it told them; a handout from elsewhere stands alone."""
    if not handout.content_hash:
        return Handout.objects.filter(pk=handout.pk)
    first = "-".join(handout.number.split("-")[:2])
    rows = Handout.objects.filter(campaign=handout.campaign_id, content_hash=handout.content_hash)
    return rows.filter(created_by=handout.created_by_id, number__startswith=first).order_by("pk")


def file_stay_log(log, *, by, client_id):
    """The author is whoever files it, with department and role as of the last day."""
    author = by.reach.cadre
    role = role_on(author.postings.all(), log.to_on, log.place_id)
    said = {name: getattr(log, name) for name in StayLog.columns}
    signed = snapshot(StayLog, author, role=role, campaign=log.campaign, **said)
    return file_record(signed, by=by, client_id=client_id)
