"""Listed values of this app. The Chinese labels are the words of the field and of the workbook's cells."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(TextChoices):
    """How a visit ended. Which of them count as visited is campaign data (campaigns.CampaignOutcome)."""

    MET = "met", _("见面")
    REMOTE = "remote", _("远程")
    NOT_IN = "not_in", _("未遇")
    VACANT = "vacant", _("空关")
    REFUSED = "refused", _("拒访")
    MOVED = "moved", _("搬迁")
    DEMOLISHED = "demolished", _("拆除")


class VisitWay(TextChoices):
    DOOR = "door", _("入户")
    PHONE = "phone", _("电话")
    VIDEO = "video", _("视频")
    CHANCE = "chance", _("偶遇")


class AnswerWay(TextChoices):
    """How somebody wants to hear what became of the words."""

    PHONE = "phone", _("电话")
    VISIT = "visit", pgettext_lazy("answer", "上门")
    TEXT = "text", _("短信")
    RECEIPT = "receipt", _("凭回执自己查")

    @classmethod
    def by_number(cls):
        """The ways that need a telephone number; no other keeps one."""
        return [cls.PHONE, cls.TEXT]


class GatheringKind(TextChoices):
    POLICY_TALK = "policy_talk", _("集中宣讲")
    EVENING_TALK = "evening_talk", _("纳凉会")
    DISCUSSION = "discussion", _("座谈会")
    HEART_TO_HEART = "heart_to_heart", _("谈心谈话")
    PERFORMANCE = "performance", _("文艺演出")
    LECTURE_OR_CONTEST = "lecture_or_contest", _("讲堂竞赛")
    EXHIBITION = "exhibition", _("展览")
    RECEPTION = "reception", _("接访")
    VISITING_RECEPTION = "visiting_reception", _("带案下访")
    TRAINING = "training", _("培训")
    MEETING = "meeting", _("例会")
    STUDY = "study", _("集中学习")
    CLINIC = "clinic", _("义诊")
    OTHER = "other", _("其他")
    BROADCAST = "broadcast", _("空中宣讲")
    SCREENING = "screening", _("观看教育片")
    TOUR = "tour", _("参观观摩")
    ON_SITE_OFFICE = "on_site_office", _("现场办公")


class MaterialKind(TextChoices):
    BOOKLET = "booklet", _("宣传册")
    LETTER = "letter", _("公开信")
    OPINION_FORM = "opinion_form", _("征集表")
    FEEDBACK_SLIP = "feedback_slip", _("反馈单")
    LEAFLET = "leaflet", _("宣传资料")
    CONTACT_CARD = "contact_card", _("联系卡")
    OTHER = "other", _("其他")
    QUESTIONNAIRE = "questionnaire", _("问卷")
    NOTICE_BOARD = "notice_board", _("公示牌")


class OpinionNature(TextChoices):
    PROBLEM = "problem", pgettext_lazy("nature", "问题")
    SUGGESTION = "suggestion", _("建议")
    QUESTION = "question", _("咨询")
    REQUEST = "request", _("求助")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    PRAISE = "praise", _("表扬")


class OpinionSource(TextChoices):
    VISIT = "visit", _("走访")
    GATHERING = "gathering", pgettext_lazy("source", "活动")
    OPINION_BOX = "opinion_box", _("意见箱")
    LETTER = "letter", _("来信")
    CALLER = "caller", _("来访")
    PHONE = "phone", pgettext_lazy("source", "电话")
    ONLINE = "online", _("网络")
    QUESTIONNAIRE = "questionnaire", _("问卷")
    OWN_FINDING = "own_finding", _("自查")
    SUPERIOR = "superior", _("上级交办")
    MUTUAL = "mutual", _("相互帮")
    MEETING = "meeting", _("集体议")
    DEPUTIES = "deputies", _("代表建议")
    OTHER = "other", _("其他")


class VisitState(TextChoices):
    FILED = "filed", _("已登记")
    CHECKED = "checked", _("已审核")
    SENT_BACK = "sent_back", _("退回")
    VOID = "void", _("作废")
