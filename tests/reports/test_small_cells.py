"""Small numbers on a public page cannot be computed from what is printed."""

from collections import defaultdict
from itertools import product

import pytest

from reports.small_cells import column_sums, public_number, public_share, split_rows


@pytest.mark.parametrize(("number", "printed"), [(0, None), (2, None), (3, 3), (120, 120)])
def test_number_below_three_is_not_printed(number, printed):
    assert public_number(number) == printed


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (2, 2, (None, None, None)),
        (2, 20, (None, 20, None)),
        (3, 20, (3, 20, None)),
        (17, 20, (17, 20, None)),
        # Who said otherwise is one or two, or nobody: the same is said of all three.
        (18, 20, (None, 20, 18)),
        (19, 20, (None, 20, 18)),
        (20, 20, (None, 20, 18)),
        (3, 3, (None, 3, None)),
    ],
)
def test_share_hides_both_of_its_small_sides(numerator, denominator, printed):
    assert public_share(numerator, denominator) == dict(
        zip(("numerator", "denominator", "at_least"), printed, strict=True)
    )


def test_rows_without_a_small_number_are_all_printed():
    rows = [("花溪", [10, 5]), ("庆丰", [8, 3])]

    assert split_rows(rows) == (rows, [])


def test_row_with_a_small_number_is_added_up_with_the_first_other_one():
    rows = [("A", [10, 5]), ("B", [9, 9]), ("C", [8, 1]), ("D", [30, 20])]

    shown, hidden = split_rows(rows)

    # C has a 1: it goes with A, the first by code.
    assert (shown, [name for name, _numbers in hidden]) == ([rows[1], rows[3]], ["A", "C"])
    assert column_sums(hidden) == [18, 6]


def test_second_other_row_is_added_where_the_sum_could_give_the_number_away():
    rows = [("A", [3]), ("B", [9]), ("C", [0]), ("D", [20])]

    # A and C would be printed as 3: then C could only be 0 and A 3. With B it is 12.
    assert [name for name, _numbers in split_rows(rows)[1]] == ["A", "B", "C"]
    assert split_rows(rows)[0] == [("D", [20])]


def test_nothing_is_printed_by_row_where_no_sum_is_large_enough():
    assert split_rows([("A", [0]), ("B", [1]), ("C", [9])]) == ([], [])
    assert split_rows([("A", [2])]) == ([], [])


@pytest.mark.parametrize(("rows", "largest"), [(3, 16), (4, 13), (5, 9)])
def test_no_small_number_follows_from_what_is_printed(rows, largest):
    """All tables of a size: whoever knows the rule and reads the page is left with two values at least."""
    possible = defaultdict(list)
    for numbers in product(range(largest + 1), repeat=rows):
        shown, hidden = split_rows([(str(i), [n]) for i, n in enumerate(numbers)])
        # Where the sum of the hidden ones is within the bound, so is each of them: the bound gives nothing away.
        if hidden and (rest := column_sums(hidden)[0]) <= largest:
            printed = (str(shown), tuple(name for name, _values in hidden), rest)
            possible[printed].append(numbers)
    assert len(possible) > 10
    given_away = [
        (printed, i)
        for printed, tables in possible.items()
        for i in range(rows)
        if len(values := {numbers[i] for numbers in tables}) == 1 and values.pop() < 3
    ]
    assert given_away == []
