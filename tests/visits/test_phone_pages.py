"""The registry of phone pages: nothing of visits/ is left out of it."""

from pathlib import Path

from tests.phone_pages import NO_PAGES, PAGES
from visits import urls

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def test_every_address_of_visits_is_looked_at_on_a_phone():
    looked_at = {page.name for page in PAGES} | set(NO_PAGES)
    assert {f"visits:{pattern.name}" for pattern in urls.urlpatterns} - looked_at == set()


def test_every_page_of_visits_is_looked_at_in_each_of_its_templates():
    templates = {f"visits/{path.name}" for path in TEMPLATES.glob("visits/[!_]*.html")}
    assert templates - {page.shows() for page in PAGES} == set()


def test_no_two_pages_have_one_name():
    titles = [page.title for page in PAGES]
    assert sorted(titles) == sorted(set(titles))
