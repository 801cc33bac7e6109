"""The sheet that leaver and successor sign: /issues/hand-overs/<pk>/sheet/."""

import pytest

from tests import factories

from .handing_over import leaving, proposed

pytestmark = pytest.mark.django_db


def test_sheet_is_numbered_names_what_goes_along_and_has_lines_to_sign(client):
    rows = leaving()
    made = proposed(rows)
    client.force_login(rows.bob)

    page = client.get(f"/issues/hand-overs/{made.pk}/sheet/").text

    for words in (
        "工作交接单", made.number, "艾一丽", "窦四", "1 户", "共 1 条", "SQ-77", "花溪路1号", "V-77", "共 1 份",
        "移交前请全部送出", "活动办", "等待接收",
    ):  # fmt: skip
        assert words in page


def test_sheet_names_no_resident_and_no_number(client):
    rows = leaving()
    type(rows.home).objects.update(holder_name="张三丰")
    factories.opinion(
        rows.campaign, entry=rows.home, collector=rows.alice.cadre, words_verbatim="我叫李四，电话13812345678"
    )
    made = proposed(rows)
    client.force_login(rows.bob)

    page = client.get(f"/issues/hand-overs/{made.pk}/sheet/").text

    assert [secret for secret in ("张三丰", "李四", "13812345678", "井盖坏了") if secret in page] == []
