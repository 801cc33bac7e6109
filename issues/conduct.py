"""A slip about how a department worked, from a resident with a receipt. From the phone it comes as other records do."""

import secrets

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from canvass import places
from grids.models import Department

from .models import ConductSlip
from .models.issues import ASSIGNED_ON
from .receipts import issues_of


def receipt_key(receipt):
    """Lets a receipt speak once; nothing leads from it to the receipt, the words or the door."""
    return salted_hmac("canvass.conduct", receipt.code, algorithm="sha256").hexdigest()


def rated_departments(receipt):
    """The departments that the bearer of a receipt may say something about: those that he or she was told of."""
    led = [issue for issue in issues_of(receipt) if issue.state in ASSIGNED_ON and issue.lead_department_id]
    return Department.objects.filter(pk__in=[issue.lead_department_id for issue in led])


def has_spoken(receipt):
    return ConductSlip.objects.filter(receipt_key=receipt_key(receipt)).exists()


def file_from_receipt(receipt, *, department, words, **ratings):
    """Once for each receipt, while the campaign runs. Kept by village, so that no door shows through."""
    campaign = receipt.opinion.campaign
    if not campaign.is_writable or department not in rated_departments(receipt):
        raise ValidationError(_("现在不能填这张反馈单：活动已经结束，或者还没有承办单位。"))
    slip = ConductSlip(
        campaign=campaign,
        place_id=receipt.opinion.place_id[: places.VILLAGE],
        department=department,
        words=words,
        receipt_key=receipt_key(receipt),
        **ratings,
    )
    slip.number = f"{slip.prefix}{timezone.localdate():%Y%m%d}-{secrets.token_hex(4).upper()}"
    try:
        with transaction.atomic():
            slip.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("这张回执已经评过了，谢谢。"), code="once") from None
    return slip
