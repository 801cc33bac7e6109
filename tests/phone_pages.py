"""Every page that people open on a phone, and how to come to it: the list that tests/e2e/test_phone_pages.py looks at.

A new page of visits/ has to stand here, or in NO_PAGES with a reason (tests/visits/test_phone_pages.py):

    Page("visits:visit_list")                                                # an address without a row in it
    Page("visits:entry_detail", lambda rows: [rows.entry.number])            # what stands in the address
    Page("visits:visit_file", query=lambda rows: {"entry": rows.entry.number}, act=choose_met, says="met")

`rows` are those of tests/e2e/test_phone_pages.py. `act(window, rows)` brings the opened page to where it is to be
looked at; `says` tells one state of a page from another; `template`: another one than the URL's name gives.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse
from playwright.sync_api import expect

from .visits.forms import filled


def _nothing(rows):
    return None


class Page(NamedTuple):
    name: str
    args: Callable = _nothing
    query: Callable = _nothing
    act: Callable | None = None
    says: str = ""
    template: str = ""

    @property
    def title(self):
        return "-".join(filter(None, [self.name.replace(":", "-"), self.says]))

    def shows(self):
        return self.template or f"{self.name.replace(':', '/')}.html"

    def address(self, rows):
        return reverse(self.name, args=self.args(rows), query=self.query(rows))


# --- What is done on a page -----------------------------------------------------------------------------------


def is_ready(window, rows):
    expect(window.locator("#filing[data-ready]")).to_be_attached()


def choose_met(window, rows):
    is_ready(window, rows)
    window.get_by_label("见面", exact=True).check()
    window.get_by_role("button", name="再加一条诉求").click()
    window.get_by_text("时间、走访人、方式").click()
    window.get_by_label("当场解决了").first.check()
    window.get_by_label("要答复", exact=True).first.check()


def hand_in_refused(window, rows):
    """The browser sends the empty form itself, as it does without JavaScript."""
    is_ready(window, rows)
    window.evaluate("document.getElementById('filing').submit()")
    expect(window.locator(".notice-error").first).to_be_visible()


def hand_in_conflict(window, rows):
    """A form whose identity is that of a visit with other content."""
    is_ready(window, rows)
    window.evaluate(
        "id => { const form = document.getElementById('filing'); form.elements.client_id.value = id;"
        " form.elements.outcome.value = 'not_in'; form.submit() }",
        str(rows.filed_from_phone.client_id),
    )
    expect(window.get_by_role("table")).to_be_visible()


def hand_in_deed_conflict(window, rows):
    """A form whose identity is that of a deed with other content."""
    is_ready(window, rows)
    window.get_by_label("内容").fill("疏通下水道两处，换了井盖")
    window.evaluate(
        "id => { const form = document.getElementById('filing'); form.elements.client_id.value = id;"
        " form.submit() }",
        str(rows.deed.client_id),
    )
    expect(window.get_by_role("table")).to_be_visible()


def open_void(window, rows):
    window.get_by_text("填错了？作废这一份").click()


def hand_in_round_twice(window, rows):
    """The same doors sent once more, and this time with a card left behind."""
    form = "document.querySelector('main form')"
    window.evaluate(
        f"fetch(location.href, {{method: 'POST', body: new FormData({form})}}).then(() => undefined)"
    )
    window.get_by_label("便民联系卡").check()
    window.evaluate(f"{form}.submit()")
    expect(window.get_by_role("table")).to_be_visible()


def send_empty(window, rows):
    """The short form of a reason, refused."""
    window.locator("main form button[type=submit]").click()
    expect(window.locator(".field-error").first).to_be_visible()


def send_wrong_code(window, rows):
    window.get_by_label("现在的密码").fill("wrong")
    window.get_by_label("验证码").fill("000000")
    window.locator("main form button[type=submit]").click()
    expect(window.locator(".field-error").first).to_be_visible()


def type_empty(window, rows):
    """A row of paper, refused in every field that it needs."""
    window.locator("#typing[data-ready] button[type=submit]").first.click()
    expect(window.locator(".field-error")).to_have_count(5)


def lie_on_the_phone(window, rows):
    """A form in each state that the queue knows."""
    fields = [[name, value] for name, value in filled(("problem", "一下雨门口就积水，三年了。")).items()]
    for state, more in {
        "draft": {},
        "waiting": {"reason": "no_signal"},
        "invalid": {"answer": {"errors": {"outcome": ["请选走访结果。"]}}},
        "conflict": {
            "answer": {
                "stored": "/visits/1/",
                "rows": [["结果", "见面", "未遇", True], ["手记", "", "", False]],
            }
        },
        "sent": {"url": "/visits/1/"},
    }.items():
        window.evaluate(
            """([state, payload, reason]) => Vault.seal(payload)
                .then((sealed) => Store.records.change(state, () => ({id: state, person: Vault.person(), state,
                    at: Date.now(), tries: 1, next: Date.now() + 300000, reason, sealed})))
                .then(() => document.dispatchEvent(new CustomEvent("outbox")))""",
            [
                state,
                {"title": rows.entry.address, "address": "/visits/new/?entry=x", "fields": fields, **more},
                more.get("reason", ""),
            ],
        )
    expect(window.locator("#outbox .kept")).to_have_count(5)


def show_queue(window, rows):
    expect(window.locator("#outbox .kept")).to_have_count(5)


def show_badge(window, rows):
    expect(window.locator("#outbox-badge")).to_be_visible()


# --- The pages, by who opens them -----------------------------------------------------------------------------


def _entry(rows):
    return {"entry": rows.entry.number}


def _number(rows):
    return [rows.entry.number]


def _visit(rows):
    return [rows.visit.pk]


def _doors(rows):
    return {"entry": [rows.entry.number, rows.other_entry.number], "campaign": rows.campaign.code}


# Who opens which pages, in this order: one window and one test a lot, of a dozen pages at most.
LOTS = {
    # A grid leader walks from door to door and checks what others filed.
    "filing": (
        "leader",
        (
            Page("visits:outbox", says="empty"),
            Page("visits:visit_file", query=_entry, act=is_ready),
            Page("visits:visit_file", query=_entry, act=hand_in_refused, says="refused"),
            Page(
                "visits:visit_file",
                query=_entry,
                act=hand_in_conflict,
                says="conflict",
                template="visits/visit_conflict.html",
            ),
            Page("visits:visit_file", says="which-door"),
            Page("visits:visit_file", query=_entry, act=choose_met, says="met"),
        ),
    ),
    # The queue is filled before the list is looked at.
    "list": (
        "leader",
        (
            Page("visits:outbox", act=lie_on_the_phone),
            Page("visits:offline", act=show_queue, says="without-signal"),
            Page("visits:visit_list", act=show_badge),
            Page("visits:visit_list", query=lambda rows: {"q": "没有这一户"}, says="nothing-found"),
            Page("visits:entry_detail", _number),
            Page("grids:holder_show", lambda rows: [rows.entry.pk], act=send_empty),
            Page("visits:nobody_in", query=_doors),
            Page(
                "visits:nobody_in",
                query=_doors,
                act=hand_in_round_twice,
                says="conflict",
                template="visits/nobody_in_conflict.html",
            ),
            Page("visits:missed_slip", query=_doors),
            Page("visits:paper_list", query=_doors),
            Page("visits:paper_type", act=type_empty),
        ),
    ),
    "records": (
        "leader",
        (
            Page("visits:visit_mine"),
            Page("visits:visit_to_check"),
            Page("reports:make_up_list"),
            Page("visits:visit_detail", _visit),
            Page("visits:visit_correct", _visit),
            Page("visits:visit_void", _visit),
            Page("visits:visit_send_back", _visit),
            Page("visits:visit_send_back", _visit, act=send_empty, says="refused"),
            Page("visits:visit_photo_take_out", lambda rows: [rows.photo.pk]),
        ),
    ),
    # What is filed beside visits; the drafts of the refused forms are told on the tab.
    "short-forms": (
        "leader",
        (
            Page("visits:gathering_file", act=is_ready),
            Page("visits:gathering_file", act=hand_in_refused, says="refused"),
            Page("visits:handout_file", act=hand_in_refused),
            Page("visits:stay_log_file", query=_entry, act=hand_in_refused),
            Page("issues:deed_file", act=hand_in_refused),
            Page(
                "issues:deed_file",
                act=hand_in_deed_conflict,
                says="conflict",
                template="visits/record_conflict.html",
            ),
            Page("visits:record_detail", lambda rows: ["staylog", rows.stay_log.pk], act=open_void),
            Page("issues:deed_detail", lambda rows: [rows.deed.pk], act=open_void),
            Page("issues:conduct_slip_file", act=hand_in_refused),
            Page("issues:conduct_slip_filed", lambda rows: [rows.conduct_slip.client_id]),
            Page("issues:record_mine"),
        ),
    ),
    "issues": (
        "leader",
        (
            Page("issues:issue_list"),
            Page("issues:issue_detail", lambda rows: [rows.issue.pk]),
            Page("issues:receipt_slip", lambda rows: [rows.opinion.pk], says="none-yet"),
            Page("issues:receipt_slip", lambda rows: [rows.receipt.opinion_id]),
            Page("grids:new_password"),
            Page("grids:feedback_file"),
            Page("grids:viewing_list"),
            Page("issues:hand_over_list"),
            Page("issues:hand_over_detail", lambda rows: [rows.hand_over.pk]),
            Page("issues:hand_over_sheet", lambda rows: [rows.hand_over.pk]),
        ),
    ),
    "account": (
        "leader",
        (
            Page("grids:sign_in_list"),
            Page("grids:second_factor"),
            Page("grids:second_factor", act=send_wrong_code, says="refused"),
        ),
    ),
    # The office on the road: its navigation has the most links.
    "office": ("office", (Page("visits:visit_list", says="office"),)),
    "without-duty": ("nobody", (Page("reports:start"),)),
    # Nobody is signed in.
    "stranger": (
        "",
        (
            Page("login", template="login.html"),
            Page("grids:welcome_code"),
            Page("grids:welcome", lambda rows: [rows.token]),
            Page("grids:welcome", lambda rows: ["0000"], says="dead", template="grids/welcome_code.html"),
            Page("issues:receipt_lookup"),
            Page("issues:receipt_lookup", query=lambda rows: {"code": "0000-0000-0000"}, says="wrong-code"),
            Page("issues:receipt_show", lambda rows: [rows.receipt.typed_code]),
            Page("issues:receipt_conduct", lambda rows: [rows.receipt.typed_code]),
            Page("visits:offline"),
            Page("campaigns:notice_show", lambda rows: [rows.campaign.code]),
        ),
    ),
}
PAGES = [page for _who, pages in LOTS.values() for page in pages]

# Addresses of visits/ that show nothing.
NO_PAGES = {
    "visits:phone_key": "JSON for the scripts",
    "visits:service_worker": "a script",
    "visits:visit_check": "a button",
    "visits:paper_doors": "JSON for the scripts",
    "visits:phone_photo": "what the queue of a phone sends",
    "visits:visit_photo": "a picture",
    "visits:visit_photo_add": "a button",
}
