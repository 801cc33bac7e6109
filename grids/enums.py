"""Listed values of this app. The Chinese labels are the words of the field and of the workbook's cells."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CadreCategory(TextChoices):
    """What a cadre is by profession or office; one per cadre."""

    GRID_LEADER = "grid_leader", _("网格长")
    FULL_TIME_GRID_WORKER = "full_time_grid_worker", _("专职网格员")
    PART_TIME_GRID_WORKER = "part_time_grid_worker", _("兼职网格员")
    CITY_OFFICIAL = "city_official", _("市级机关干部")
    DISTRICT_OFFICIAL = "district_official", _("区级机关干部")
    TOWN_OFFICIAL = "town_official", _("镇机关干部")
    VILLAGE_OFFICIAL = "village_official", _("村社干部")
    PARTY_DELEGATE = "party_delegate", _("党代表")
    CONGRESS_DEPUTY = "congress_deputy", _("人大代表")
    CPPCC_MEMBER = "cppcc_member", _("政协委员")
    VOLUNTEER = "volunteer", _("志愿者")
    POLICE_OFFICER = "police_officer", _("警官")
    PROSECUTOR = "prosecutor", _("检察官")
    JUDGE = "judge", _("法官")
    LAWYER = "lawyer", _("律师")
    LIAISON_OFFICER = "liaison_officer", _("驻村联络员")
    SOCIAL_SUPERVISOR = "social_supervisor", _("社会监督员")
    OPINION_GATHERER = "opinion_gatherer", _("民情搜集员")
    OTHER = "other", _("其他")


class GridKind(TextChoices):
    """The 13th digit of a grid code says it too."""

    GENERAL = "general", _("综合")
    DEDICATED = "dedicated", _("专属")
    MICRO = "micro", _("微")


class DepartmentLevel(TextChoices):
    CITY = "city", _("市")
    COUNTY = "county", _("区县")
    TOWN = "town", _("镇街")
    VILLAGE = "village", _("村社")


class RegisterKind(TextChoices):
    """What stands on the register to be visited."""

    HOUSEHOLD = "household", _("住户")
    ENTERPRISE = "enterprise", _("企业")
    SCHOOL = "school", _("学校")
    SHOP = "shop", _("商户")
    OTHER = "other", _("其他")


class RegisterState(TextChoices):
    ACTIVE = "active", _("在册")
    VACANT = "vacant", _("空关")
    MOVED = "moved", _("搬迁")
    DEMOLISHED = "demolished", _("拆除")


class AuditAction(TextChoices):
    """What a row of the audit log is about."""

    OPENED = "opened", _("打开")
    SUBMITTED = "submitted", _("提交或更改")
    DOWNLOADED = "downloaded", _("下载或导出")
    SEARCHED = "searched", _("搜索")
    UNMASKED = "unmasked", _("查看完整号码")
    SIGNED_IN = "signed_in", _("登录")
    LINK_USED = "link_used", _("用登录二维码")
    SIGN_IN_FAILED = "sign_in_failed", _("登录失败")
    LOCKED_OUT = "locked_out", _("登录锁定")
    SIGNED_OUT = "signed_out", _("退出登录")
    RIGHTS_CHANGED = "rights_changed", _("权限变动")
    ERASED = "erased", _("清除个人信息")
    REDACTED = "redacted", _("涂去原话中的个人信息")


class AuditResult(TextChoices):
    """How it ended, whatever the exact status was."""

    DONE = "done", _("已完成")
    REFUSED = "refused", _("被拒绝")
    INVALID = "invalid", _("未通过")
    FAILED = "failed", _("出错")


class Device(TextChoices):
    """What kind of device a request came from, as far as it says so; "" for a command on the server."""

    PHONE = "phone", _("手机")
    TABLET = "tablet", _("平板")
    COMPUTER = "computer", _("电脑")
    OTHER = "other", _("其他设备")


class Browser(TextChoices):
    """The programme in which somebody is signed in, as people call it."""

    WECHAT = "wechat", _("微信")
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")
    QQ = "qq", _("QQ 浏览器")
    UC = "uc", _("UC 浏览器")
    HUAWEI = "huawei", _("华为浏览器")
    MAKERS = "makers", _("手机自带浏览器")
    QIHOO = "qihoo", _("360 浏览器")
    EDGE = "edge", "Edge"
    FIREFOX = "firefox", _("火狐浏览器")
    CHROME = "chrome", _("谷歌内核浏览器")
    SAFARI = "safari", "Safari"
    OTHER = "other", _("其他浏览器")


class System(TextChoices):
    HARMONY = "harmony", _("鸿蒙")
    ANDROID = "android", _("安卓")
    IPHONE = "iphone", _("苹果手机")
    IPAD = "ipad", _("苹果平板")
    WINDOWS = "windows", "Windows"
    MAC = "mac", _("苹果电脑")
    LINUX = "linux", _("国产或 Linux 系统")
    OTHER = "other", _("其他系统")
