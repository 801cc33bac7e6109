"""Names and numbers of people as every page shows them: enough to tell two apart, too little to use."""

from .sealed import Unreadable


def masked_name(name):
    """张三 -> 张*. Nobody reads a resident's full name on an ordinary page."""
    return f"{name[0]}*" if name else ""


def masked_phone(phone):
    """13812345678 -> 138****5678; a shorter number keeps only its last two digits. One that no key opens says so."""
    if isinstance(phone, Unreadable):
        return str(phone)
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return f"{phone[:3]}****{phone[-4:]}"


def masked(text):
    """Whatever stands in a personal column: a number when it has digits, else a name."""
    return masked_phone(text) if any(map(str.isdigit, text)) else masked_name(text)
