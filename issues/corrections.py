"""A correction stands where the former words stood: under the same issue, in the same breath.

Told by `visits.signals.words_corrected`. Whoever sorts words at this moment holds their row (`services.lock_words`),
so neither misses the other.
"""

from django.utils.translation import gettext as _

from .models import IssueOpinion
from .sorting import ISSUE_NATURES


def follow_correction(sender, *, pairs, by, at, **_signal):
    """Each standing link of the former words ends; one of the correction begins, unless it is no issue any more.

    What turned out to be a suggestion, praise or a misconduct report goes its own way.
    """
    for former, correction in pairs:
        links = former.issue_links.standing().select_related("issue").order_by("pk")
        for link in links:
            stays = correction.nature in ISSUE_NATURES and not link.issue.is_restricted
            link.removed_at, link.removed_by = at, by
            link.removed_because = _why(correction, stays)
            link.save(update_fields=["removed_at", "removed_by", "removed_because"])
            if stays:
                IssueOpinion.objects.create(
                    issue=link.issue,
                    opinion=correction,
                    position=link.position,
                    at=at,
                    by=by,
                    replaces=link,
                )


def _why(correction, stays):
    if stays:
        return _("更正为 %s") % correction.number
    return _("更正后性质是“%s”，另行办理") % correction.get_nature_display()
