"""What a person's postings open. Every `visible_to(user)` is built on this and on nothing else."""

from dataclasses import dataclass

from django.utils import timezone

from canvass.roles import AREA_READERS, PERMISSIONS, Role


@dataclass(frozen=True)
class Reach:
    """The postings valid today of one user. A stranger, and a superuser without postings, has none."""

    cadre: object
    postings: tuple

    @classmethod
    def of(cls, user):
        cadre = getattr(user, "cadre", None) if user.is_authenticated and user.is_active else None
        if cadre is None:
            return cls(None, ())
        return cls(cadre, tuple(cadre.postings.active_on(timezone.localdate()).select_related("place")))

    @property
    def roles(self):
        return {Role(posting.role) for posting in self.postings}

    def has(self, *roles):
        return bool(self.roles & set(roles))

    def codes(self, *roles):
        """Place codes of the postings with one of these roles, widest first, without those inside another."""
        codes = sorted(
            {posting.place_id for posting in self.postings if posting.role in roles and posting.place_id},
            key=len,
        )
        kept = []
        for code in codes:
            if not code.startswith(tuple(kept)):
                kept.append(code)
        return kept

    def codes_with(self, *permissions):
        """Where a posting gives one of these: what one may do here, a posting elsewhere does not widen."""
        wanted = set(permissions)
        return self.codes(*(role for role, granted in PERMISSIONS.items() if wanted & granted))

    @property
    def all_codes(self):
        """Every place that a posting names."""
        return self.codes(*Role)

    @property
    def area_codes(self):
        """Where this person may read residents' records."""
        return self.codes(*AREA_READERS)

    @property
    def restricted_codes(self):
        """Where this person may read restricted reports: discipline and nobody else."""
        return self.codes_with("issues.view_restricted")

    @property
    def department_ids(self):
        """The departments whose issues this person handles."""
        return sorted({p.department_id for p in self.postings if p.department_id})
