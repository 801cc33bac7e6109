"""Telephone numbers as people type them."""

import re

import pytest

from canvass.phones import LANDLINE, MOBILE, OFFICE, plain_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 1234 5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0573－8324 1234", "057383241234"),
        ("(0573)83241234", "057383241234"),
        ("不知道", "不知道"),
    ],
)
def test_number_is_taken_as_people_type_it(typed, number):
    assert plain_number(typed) == number


@pytest.mark.parametrize(
    ("pattern", "fits", "misses"),
    [
        (
            MOBILE,
            ["13812345678", "19900000000"],
            ["12812345678", "1381234567", "138123456789", "13812345678\n"],
        ),
        (LANDLINE, ["01082345678", "057383241234", "0573832412"], ["83241234", "057383241", "0573832412345"]),
        (
            OFFICE,
            ["0573-83241234", "057383241234", "13812345678", "12345", "83241234"],
            ["", "0573", "1", "-1"],
        ),
    ],
)
def test_pattern_knows_a_number(pattern, fits, misses):
    assert [number for number in fits if not re.search(pattern, number)] == []
    assert [number for number in misses if re.search(pattern.replace("$", r"\Z"), number)] == []
