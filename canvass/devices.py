"""What kind of device a request comes from: no more than the word, as far as the browser says so."""

import re

# Phone programmes that also run at a desk say both; the desk is true.
_AT_A_DESK = re.compile(r"WindowsWechat|MacWechat", re.IGNORECASE)
_TABLET = re.compile(r"iPad|Tablet|Android(?!.*Mobile)", re.IGNORECASE)
_PHONE = re.compile(r"Mobile|iPhone|Android|HarmonyOS|MicroMessenger", re.IGNORECASE)
_COMPUTER = re.compile(r"Windows|Macintosh|X11|Linux|CrOS", re.IGNORECASE)


def device_kind(request):
    """ "phone", "tablet", "computer" or "other"."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    for kind, pattern in (
        ("computer", _AT_A_DESK),
        ("tablet", _TABLET),
        ("phone", _PHONE),
        ("computer", _COMPUTER),
    ):
        if pattern.search(agent):
            return kind
    return "other"


_BROWSERS = (
    ("wecom", r"wxwork"),
    ("wechat", r"MicroMessenger"),
    ("dingtalk", r"DingTalk"),
    ("qq", r"MQQBrowser|QQBrowser|\bQQ/"),
    ("uc", r"UCBrowser|UCWEB"),
    ("huawei", r"HuaweiBrowser"),
    ("makers", r"MiuiBrowser|VivoBrowser|HeyTapBrowser|OppoBrowser|SamsungBrowser"),
    ("qihoo", r"QihooBrowser|360SE|360EE|QHBrowser"),
    ("edge", r"Edg(e|A|iOS)?/"),
    ("firefox", r"Firefox|FxiOS"),
    ("chrome", r"Chrome|CriOS"),
    ("safari", r"Safari"),
)
_SYSTEMS = (
    ("harmony", r"HarmonyOS"),
    ("android", r"Android"),
    ("iphone", r"iPhone"),
    ("ipad", r"iPad"),
    ("windows", r"Windows"),
    ("mac", r"Macintosh"),
    ("linux", r"Linux|X11"),
)


def browser_of(request):
    """(programme, system), each one word: as much as tells the own phone from somebody else's, and no more."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    return _first(_BROWSERS, agent), _first(_SYSTEMS, agent)


def _first(words, agent):
    return next((word for word, pattern in words if re.search(pattern, agent, re.IGNORECASE)), "other")
