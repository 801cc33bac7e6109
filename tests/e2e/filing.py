"""The form of a visit as a person fills it in a browser, and promises of a page that nobody waits for in vain."""

import time

from playwright.sync_api import expect

from tests.visits.forms import file_address


def ask(page, script):
    """What an expression comes to. A promise that is not kept fails the test; evaluate alone would wait for ever."""
    late = "new Promise((_, fail) => setTimeout(() => fail(new Error('not within 20 s')), 20000))"
    return page.evaluate(f"Promise.race([{script}, {late}])")


def becomes_true(page, script, seconds=20):
    """Asks again until it is so; Playwright's wait_for_function would evaluate text, which our policy forbids."""
    until = time.monotonic() + seconds
    while not ask(page, script):
        assert time.monotonic() < until, f"not within {seconds} s: {script}"
        time.sleep(0.05)


def open_form(page, entry):
    page.goto(file_address(entry))
    expect(page.locator("#filing[data-ready]")).to_be_attached()


def write(page, words, note="", nature="问题"):
    page.get_by_label("见面", exact=True).check()
    if note:
        page.get_by_label("手记").fill(note)
    row = page.get_by_role("group", name="第 1 条")
    row.get_by_label("原话").fill(words)
    row.get_by_label(nature).check()


def file(data, name="IMG_1.jpg"):
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def choose(page, *photos):
    page.locator("#id_photos").set_input_files(
        [file(data, f"IMG_{n}.jpg") for n, data in enumerate(photos, 1)]
    )


def hand_in(page):
    page.get_by_role("button", name="登记", exact=True).click()
