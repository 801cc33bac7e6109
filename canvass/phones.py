"""What a telephone number looks like: of a mobile, of a landline with its area code, and of a desk that answers."""

import re
import unicodedata

MOBILE = r"^1[3-9][0-9]{9}$"
# With the area code, so that it can be dialled from anywhere and enough of it stays masked.
LANDLINE = r"^0[1-9][0-9]{8,10}$"
# As an office writes its number: also with a hyphen, and short ones such as 12345.
OFFICE = r"^(1[3-9][0-9]{9}|0[1-9][0-9]{1,2}-?[0-9]{7,8}|[1-9][0-9]{2,7})$"


def plain_number(typed):
    """The digits of a number as people type it: 138 1234 5678, 0573-8324 1234, +86 …, full-width digits."""
    text = re.sub(
        r"[\s()（）-]", "", unicodedata.normalize("NFKC", typed).replace("—", "-").replace("－", "-")
    )
    return text.removeprefix("+86")


def can_be_called(number):
    """A mobile, or a landline with its area code."""
    return bool(re.match(MOBILE, number) or re.match(LANDLINE, number))


def can_be_texted(number):
    return bool(re.match(MOBILE, number))
