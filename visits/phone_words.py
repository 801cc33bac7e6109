"""What the scripts on a phone say. They have no catalogue of their own: each page brings these along."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS = {
    # States of a form on the phone
    "draft": _("没填完"),
    "waiting": _("等待送出"),
    "invalid": _("要改一改"),
    "conflict": _("要您决定"),
    "sent": _("已送达"),
    # Why it still waits
    "why_no_signal": _("没有信号。有信号时会自动送出，不用重填。"),
    "why_signed_out": _("登录已过期，请重新登录；登录后会自动送出。"),
    "why_other_person": _("这部手机上现在登录的是别人。您本人登录后会自动送出，别人看不到。"),
    "why_busy": _("网络或服务器没有给出确认，过一会儿自动再试。"),
    "why_refused": _("您的账号现在不能填报。内容留在手机上，请找活动办。"),
    "why_gone": _("这里现在不在您的范围内，或者活动已结束。内容留在手机上，请找活动办。"),
    "why_locked": _("手机上的内容还锁着，登录后才能打开。"),
    "why_conflict": _("同一张表先前已送达，内容却不一样。两份都在，请看过再决定。"),
    "why_taken": _("这张表的编号已经用过了，请作为另外一份登记。"),
    "locked": _("一份锁着的内容：有信号时重新登录，就能打开。"),
    # What one may do about it
    "sign_in": _("重新登录"),
    "send_now": _("现在就送"),
    "go_on": _("接着填"),
    "mend": _("打开修改"),
    "discard": _("这份不要了"),
    "discard_sure": _("确定不要？再按一次"),
    "open_stored": _("打开已存下的"),
    "file_anew": _("是另外一份：另外登记"),
    "open_visit": _("打开看"),
    "typed": _("看看写了什么"),
    # Two versions
    "compare": _("两份内容对照"),
    "item": pgettext_lazy("comparison", "项目"),
    "stored": _("已存下的"),
    "this_one": _("手机上这份"),
    "differs": _("不同"),
    # The line on every page
    "n_waiting": _("%(n)s 份等待送出。"),
    "n_stuck": _("%(n)s 份要您看一看。"),
    "n_signed_out": _("请重新登录。"),
    "n_memory": _("这部手机不让网页存东西，请不要关掉本页。"),
    # Photos
    "n_photos": _("%(n)s 张照片等待送出。"),
    "photos_n": _("照片 %(n)s 张"),
    "photos_sent": _("照片 %(n)s 已送达"),
    "photo_n": _("照片 %(n)s"),
    "photo_choose": _("拍照或选照片"),
    "photo_away": _("去掉"),
    "photo_making": _("正在存照片…"),
    "photo_many": _("最多 6 张照片，“%(n)s”没有存下。先去掉一张再选。"),
    "photo_unreadable": _("“%(n)s”打不开，没有存下。请选 JPEG 照片，或者重新拍一张；写下的字都在。"),
    "photo_no_room": _("这部手机存不下“%(n)s”。写下的字都在；登记以后，可在走访页上加照片。"),
    # On my list
    "on_phone_draft": _("手机上没填完"),
    "on_phone_waiting": _("手机上等待送出"),
    "on_phone_invalid": _("手机上有一份要改"),
    "on_phone_conflict": _("手机上有一份要您决定"),
    "on_phone_sent": _("手机上的已送达"),
    # The form
    "already_waiting": _("这一户已有一份在手机上等待送出。确是另一次走访，再接着填。"),
    "nth": _("第 %(n)s 条"),
    "fewer": _("少一人"),
    "more_people": _("多一人"),
    "on_spot": _("当场解决了"),
    "place_asking": _("正在取位置……"),
    "place_kept": _("已记位置 %(n)s"),
    "place_denied": _("手机没有允许取位置。不记也可以登记。"),
    "place_failed": _("没有取到位置。可以再试，不记也可以登记。"),
    "restored": _("接着上次没填完的填。写过的都在。"),
    "start_anew": _("不要了，重新填"),
    "invalid_form": _("还没有存下。请改正标红的地方，再提交一次；您填的都还在。"),
    "filed": _("已登记。"),
    "next_one": _("填下一户"),
    # Pages taken along
    "kept_page": _("没有信号：这是 %(n)s 存在手机上的内容。照常填报，有信号时自动送出。"),
    "pin": _("把这一页带上路（没信号也能填）"),
    "pinning": _("正在带上 %(n)s"),
    "pinned": _("已带上，没信号也能填"),
    "pin_again": _("没带全，再试一次"),
}
