"""Loads the sheets of the campaign, its teams and its people."""

from collections import defaultdict

from django.utils.translation import gettext as _

from canvass import bulk
from canvass.importing import Importer, listed
from canvass.roles import Role
from canvass.workbook_cells import shown
from grids.importers import known_departments, known_places, refer_to_places

from .enums import CampaignState
from .models import Campaign, Team, TeamPlace
from .roster import UNIT_ROLES, Roster, write_people
from .services import create_campaign
from .sheets import CADRES, CAMPAIGN, TEAMS


def find_campaign(code):
    return Campaign.objects.filter(code=code).first()


def use_campaign(load, campaign):
    """Judge the other sheets by this campaign."""
    load.campaign = campaign
    load.area, load.first_on = campaign.area_id, campaign.first_on


def refuses_records(campaign):
    """A sentence when nothing may be loaded into this campaign, else None."""
    if campaign.pk and campaign.state not in (CampaignState.DRAFT, CampaignState.RUNNING):
        return _("活动“%(name)s”%(state)s，只能查看，不能再导入。请先在后台重新开启活动。") % {
            "name": campaign.name,
            "state": campaign.get_state_display(),
        }
    return None


class CampaignImporter(Importer):
    sheet = CAMPAIGN
    updates = True

    def __init__(self, load):
        super().__init__(load)
        self.row = None

    def inspect(self, rows):
        for row in rows:
            if self.row is not None and row.values != self.row.values:
                row.error("code", _("“活动”表只能有一行。请删去其余的行。"))
                continue
            self.row = row
            if row["first_on"] and row["last_on"] and row["last_on"] < row["first_on"]:
                row.error("last_on", _("结束日期早于开始日期。请核对。"))
            if not row.bad:
                self._use(row)

    def _use(self, row):
        campaign = find_campaign(row["code"])
        area = row["area"]
        if campaign and not campaign.area_id.startswith(area):
            row.error("area", _("活动的区划原为 %s，表格只能扩大它。请核对。") % campaign.area_id)
            return
        use_campaign(self.load, campaign or Campaign(state=CampaignState.RUNNING, **_columns(row.values)))
        self.load.area, self.load.first_on = area, row["first_on"]

    def end_of_workbook(self):
        """The area may stand on a sheet that is read later."""
        if self.row is None or (area := self.row["area"]) is None:
            return
        known = area in self.load.importers["areas"].first or area in known_places({area})
        if not known and not self.load.importers["areas"].keyless:
            self.row.error("area", _("没有这个区划。请核对代码，或在“区划”表补上。"))

    def stored(self, keys):
        return {
            row["code"]: row
            for row in Campaign.objects.filter(code__in=keys).values(
                "code", "name", "area", "first_on", "last_on", "theme"
            )
        }

    def create(self, rows):
        create_campaign(self.load.campaign)

    def change(self, rows):
        for name, value in _columns(rows[0]).items():
            setattr(self.load.campaign, name, value)
        self.load.campaign.save(update_fields=["name", "area", "first_on", "last_on", "theme"])


def _columns(values):
    return {"area_id" if key == "area" else key: value for key, value in values.items()}


class TeamImporter(Importer):
    sheet = TEAMS
    updates = True

    def inspect(self, rows):
        refer_to_places(self, rows, "places")
        refuse_elsewhere(self, rows)

    def stored(self, keys):
        if self.load.campaign is None or self.load.campaign.pk is None:
            return {}
        teams = self.load.campaign.teams.filter(name__in=keys).prefetch_related("places")
        return {
            team.name: {
                "name": team.name,
                "kind": team.kind,
                "places": tuple(place.place_id for place in team.places.all()),
            }
            for team in teams
        }

    def create(self, rows):
        campaign = self.load.campaign.pk
        ids = bulk.insert(
            Team, ["campaign_id", "name", "kind"], [(campaign, row["name"], row["kind"]) for row in rows]
        )
        self._add_places(zip(ids, (row["places"] for row in rows), strict=True))

    @staticmethod
    def _add_places(places_of_teams):
        bulk.insert(
            TeamPlace,
            ["team_id", "place_id"],
            [(team, code) for team, codes in places_of_teams for code in codes],
        )

    def change(self, rows):
        for row in rows:
            team = self.load.campaign.teams.get(name=row["name"])
            team.kind = row["kind"]
            team.save(update_fields=["kind"])
            team.places.exclude(place__in=row["places"]).delete()
            known = set(team.places.values_list("place_id", flat=True))
            self._add_places([(team.pk, [code for code in row["places"] if code not in known])])


def refuse_elsewhere(importer, rows):
    """Report places of duty that have nothing to do with the campaign's area."""
    load = importer.load
    for row in rows:
        for code in listed(row["places"]):
            if not load.touches(code):
                row.error("places", _("与活动区划 %s 无关。请核对代码。") % load.area, code)


class CadreImporter(Importer):
    """People with their postings and teams. A person's rows may stand anywhere, so the sheet is judged at its end."""

    sheet = CADRES
    updates = True
    agreeing = ("name", "category", "department", "phone")

    def __init__(self, load):
        super().__init__(load)
        self.people = {}  # staff number -> the values that all rows of a person share
        self.rows = []

    def key(self, values):
        return (values.get("staff_number"), values.get("role"))

    @property
    def names(self):
        return self.people

    def inspect(self, rows):
        refer_to_places(self, rows, "places")
        refuse_elsewhere(self, rows)
        self.refer(
            rows, "department", "departments", known_departments, _("没有这个单位。请核对名称，或在“单位”表补上。")
        )  # fmt: skip
        self.refer(
            rows, "teams", "teams", self._known_teams, _("没有这支队伍。请核对名称，多支队伍用分号隔开。")
        )
        for row in rows:
            self._inspect_row(row)

    def _known_teams(self, names):
        if self.load.campaign is None or self.load.campaign.pk is None:
            return set()
        return set(self.load.campaign.teams.filter(name__in=names).values_list("name", flat=True))

    def _inspect_row(self, row):
        phone = row["phone"]
        if phone and not (
            len(phone) == 11 and phone.isascii() and phone.isdigit() and "13" <= phone[:2] <= "19"
        ):
            row.error("phone", _("手机号码是 13 至 19 开头的 11 位数字。请核对，也可不填。"))
        if row["role"] in UNIT_ROLES and not row["department"]:
            row.error("department", _("角色为承办单位或承办负责人时，必须填写单位。"))
        if not (number := row["staff_number"]):
            return
        person = self.people.setdefault(number, {"row": row.number})
        for key in self.agreeing:
            if row[key] is not None and person.setdefault(key, row[key]) != row[key]:
                row.error(
                    key,
                    _("与第 %(row)d 行同一工号的“%(column)s”不一致：那里是“%(value)s”。请改成一致。")
                    % {
                        "row": person["row"],
                        "column": self.sheet.by_key[key].zh,
                        "value": shown(self.sheet.by_key[key], person[key]),
                    },
                )

    def check(self, rows, spool):
        self.inspect(rows)
        self.rows += [row for row in rows if self._is_first(row) and not row.bad]
        self.spool = spool

    def end(self):
        if not self.rows:
            return
        teams = defaultdict(dict)
        for row in self.rows:
            teams[row["staff_number"]].update(dict.fromkeys(listed(row["teams"])))
        for row in self.rows:  # what one row of a person leaves blank, another may say
            person = self.people[row["staff_number"]]
            row.values.update({key: person[key] for key in self.agreeing if key in person})
            if names := tuple(teams[row["staff_number"]]):
                row.values["teams"] = names
        numbers = list(dict.fromkeys(row["staff_number"] for row in self.rows))
        for start in range(0, len(numbers), 500):
            wanted = set(numbers[start : start + 500])
            self._classify_people([row for row in self.rows if row["staff_number"] in wanted], wanted)
        self.rows = []

    def _classify_people(self, rows, numbers):
        stored = Roster(self.load, numbers)
        created, changed = [], []
        for row in rows:
            known = stored.cadres.get(row["staff_number"])
            before = known and stored.values(known, row.values)
            self._refuse_appointment(row, before)
            self._classify(row, before, created, changed)
        self.spool.add((self.sheet.key, "change"), created + changed)

    def _refuse_appointment(self, row, before):
        """Who may load a roster could otherwise open, to himself or to a friend, more than the campaign."""
        by = self.load.by
        if by is None or by.is_superuser:
            return
        new = set(listed(row["places"])) - set(before["places"] if before else ())
        if new and row["role"] == Role.DISCIPLINE:
            row.error("role", _("纪检岗位由安全管理员在“岗位”中任命，不能用表格增加。请删去这一行。"))
        for code in sorted(code for code in new if not code.startswith(self.load.area)):
            row.error(
                "places",
                _("岗位大于活动区划 %s，由安全管理员在“岗位”中任命。请改正代码，或删去这一行。")
                % self.load.area,
                code,
            )

    def more_differences(self, values, stored):
        found = []
        if stored["begins"]:
            found.append((_("岗位开始日期"), stored["begins"], self.load.first_on))
        others = stored["posted"] - {values.get("department")}
        if values["role"] in UNIT_ROLES and others:
            found.append((_("承办单位"), tuple(sorted(others)), values["department"]))
        return found

    def change(self, rows):
        """Rows of new and of known people alike; all rows of a person lie in one chunk."""
        write_people(self.load, rows)
