"""A correction stands where the former words stood: under the same issue, in the same breath.

Told by `visits.signals.words_corrected`. Whoever sorts words at this moment holds their row (`services.lock_words`),
so neither misses the other.
"""

from django.utils.translation import gettext as _

from visits.enums import OpinionNature
from visits.models import HandOverWords

from .models import IssueOpinion
from .sorting import ISSUE_NATURES


def follow_correction(sender, *, pairs, by, at, **_signal):
    """Each standing link of the former words ends; one of the correction begins, unless it is no issue any more.

    What turned out to be a suggestion, praise or a misconduct report goes its own way; an issue that came from the
    words of a report alone becomes discipline's.
    """
    for former, correction in pairs:
        _hand_on(former, correction)
        links = former.issue_links.standing().select_related("issue").order_by("pk")
        for link in links:
            stays = correction.nature in ISSUE_NATURES and not link.issue.is_restricted
            link.removed_at, link.removed_by = at, by
            link.removed_because = _why(correction, stays)
            link.save(update_fields=["removed_at", "removed_by", "removed_because"])
            if correction.nature == OpinionNature.REPORT and not link.issue.opinion_links.standing().exists():
                _restrict(link.issue)
            if stays:
                IssueOpinion.objects.create(
                    issue=link.issue,
                    opinion=correction,
                    position=link.position,
                    at=at,
                    by=by,
                    replaces=link,
                )


def _hand_on(former, correction):
    """Whoever took the former words over follows the correction."""
    if correction.nature != OpinionNature.REPORT:
        rows = HandOverWords.objects.filter(opinion=former).values_list("hand_over", flat=True)
        HandOverWords.objects.bulk_create(
            HandOverWords(hand_over_id=pk, opinion=correction) for pk in rows.order_by("pk")
        )


def _restrict(issue):
    """It came from these words alone, so its title and its history tell what they said."""
    issue.is_restricted = True
    issue.save(update_fields=["is_restricted"])
    issue.merged_issues.update(is_restricted=True)


def _why(correction, stays):
    if stays:
        return _("更正为 %s") % correction.number
    return _("更正后性质是“%s”，另行办理") % correction.get_nature_display()
