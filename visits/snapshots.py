"""Who took part, as they were that day."""

from canvass.roles import VISITING


def role_on(postings, day, code):
    """The role somebody had at a place on a day: visiting duty there, then visiting duty anywhere, then other duty.

    `postings`: that cadre's Posting rows, any dates. "" when none was valid that day.
    """
    valid = [p for p in postings if p.from_on <= day and (p.to_on is None or p.to_on >= day)]
    here = [p for p in valid if p.place_id and code.startswith(p.place_id)]
    visiting = [p for p in here if p.role in VISITING] or [p for p in valid if p.role in VISITING]
    best = visiting or here or valid
    return best[0].role if best else ""


def snapshot(model, cadre, *, role, **owner):
    """An unsaved VisitCadre or GatheringSpeaker of a cadre as he or she is now."""
    return model(
        cadre=cadre,
        name=cadre.name,
        department_id=cadre.department_id,
        department_name=cadre.department.name if cadre.department_id else "",
        category=cadre.category,
        role=role,
        **owner,
    )
