"""The notice that every campaign begins with, until its office publishes one of its own."""

FIRST_NOTICE = {
    "who": "“{campaign}”活动办公室组织，走访人员当面登记。其他单位和个人不能用这些信息。",
    "why": "听取和办理您反映的问题、建议，把结果答复给您；汇总成看不出是谁的统计数字。",
    "what": (
        "门牌、走访的时间和结果、您说的原话。户名可以不登记。您要电话或短信答复时，才登记一个电话号码。"
        "照片和位置都不是必须的：照片不带拍摄地点，位置只精确到一百米左右。"
        "不收集身份证号、出生日期、民族、宗教、收入、健康情况和人脸图像，不把未满 14 岁的孩子登记为联系人。"
    ),
    "how_long": "活动结束后 {days} 天内，清除居民的姓名和电话号码；不含个人信息的统计数字继续保存。",
    "rights": (
        "您可以不说姓名、不留电话，一样可以反映问题，一样办理。您可以要求查看、更正或者删除自己的信息，"
        "也可以随时说不要答复了，号码就删除。提出以后 15 天内答复您。"
    ),
    "contact": "跟走访人员、村（社区）或者活动办公室说就可以；电话印在便民联系卡和网格公示牌上。",
}


def first_notice(campaign):
    """The texts for a campaign, by its name and by how long it keeps what people said of themselves."""
    words = {"campaign": campaign.name, "days": campaign.retention_days}
    return {name: text.format(**words) for name, text in FIRST_NOTICE.items()}
