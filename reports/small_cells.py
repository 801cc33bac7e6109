"""Small numbers on a public page: what may be printed by itself, and what is added up so that nobody can compute it.

The rule and why it holds: docs/adr/0015-small-numbers-stay-small.md.
"""

SMALLEST = 3


def is_small(number):
    return number < SMALLEST


def public_number(number):
    """The number itself, or None where the page prints "<3"."""
    return None if is_small(number) else number


def public_share(numerator, denominator):
    """How many of how many, as far as either side of it may be known.

    `numerator` is None for "<3". Where fewer than three are left over, only `at_least` is said: the denominator less
    two, whatever the truth.
    """
    if is_small(denominator):
        return {"numerator": None, "denominator": None, "at_least": None}
    if is_small(denominator - numerator):
        at_least = denominator - SMALLEST + 1
        return {
            "numerator": None,
            "denominator": denominator,
            "at_least": None if is_small(at_least) else at_least,
        }
    return {"numerator": public_number(numerator), "denominator": denominator, "at_least": None}


def split_rows(rows):
    """(rows printed one by one, rows printed as one sum) of lists of numbers; ([], []) when nothing is safe.

    `rows` are (name, numbers) in a fixed order that says nothing about the numbers. A row with a small number is
    never printed by itself. With it one row more is added up, the first of the others, or two when one does not
    suffice: always by their order, never by their size, from which a number could be guessed.
    """
    small = [i for i, (_name, numbers) in enumerate(rows) if any(map(is_small, numbers))]
    others = [i for i in range(len(rows)) if i not in small]
    if not small:
        return rows, []
    for more in (1, 2):
        hidden = [rows[i] for i in sorted(small + others[:more])]
        if len(others) > more and _is_safe([numbers for _name, numbers in hidden], more):
            return [rows[i] for i in others[more:]], hidden
    return [], []


def column_sums(rows):
    return [sum(column) for column in zip(*(numbers for _name, numbers in rows), strict=True)]


def _is_safe(hidden, more):
    """Whether in each column with a small number the sum leaves two and more to share out.

    Each of the `more` rows that were added has three at least, which whoever knows the rule takes off the sum.
    """
    return all(
        not any(map(is_small, column)) or sum(column) >= SMALLEST * more + SMALLEST - 1
        for column in zip(*hidden, strict=True)
    )
