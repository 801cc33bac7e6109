"""Elder mode (长辈版): every page but the office desk in large letters, remembered by this browser alone."""

COOKIE = "elder"
YEAR = 365 * 24 * 60 * 60


def elder_mode(request):
    """`elder` for base.html, which gives the page the class of that name."""
    return {"elder": request.COOKIES.get(COOKIE) == "1"}
