"""Who enters the office desk."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.django_db


def test_signed_in_person_without_the_permission_is_told_so(client):
    client.force_login(get_user_model().objects.create_user("visitor", is_staff=True))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]


def test_desk_is_the_default_admin_site():
    from django.contrib import admin

    from canvass.admin import OfficeAdminSite

    assert isinstance(admin.site, OfficeAdminSite) or type(admin.site._wrapped) is OfficeAdminSite
