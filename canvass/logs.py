"""What the log must not hold: a receipt code opens a resident's answer to whoever reads it."""

import logging
import re

# Up to the end, or to the protocol of a request line: an address that was typed may hold spaces.
_RESIDENTS_PATH = re.compile(r"(/s(?:[/?]|%2f))[^\n]+?(?= HTTP/\d|$)", re.IGNORECASE | re.MULTILINE)


def _blank(value):
    return _RESIDENTS_PATH.sub(r"\1…", value) if isinstance(value, str) else value


class WithoutReceiptCodes(logging.Filter):
    """Lets every record pass, with what follows /s/ blanked in its message and arguments."""

    def filter(self, record):
        record.msg = _blank(record.msg)
        if isinstance(record.args, dict):
            record.args = {name: _blank(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(map(_blank, record.args))
        return True
