"""A text in a CSV file that a spreadsheet opens: no text becomes a formula."""

# What a spreadsheet would take for the beginning of a formula; a Chinese one takes the wide marks too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(value):
    """A text that begins like a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \n").startswith(FORMULA):
        return f"'{value}"
    return value
