"""The figures a second time, by loops over plain dicts: what the engine's SQL is compared with.

Written from the list of figures and their conventions alone. `tables` holds the rows of each model as
`QuerySet.values()` gives them; nothing here asks the database or shares code with the engine, and each
rule is spelled out as slowly as it reads in the list.
"""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from .reference_issues import ReferenceIssues

SHANGHAI = ZoneInfo("Asia/Shanghai")
LENGTHS = {"town": 9, "village": 12, "grid": 16}


def day_of(moment):
    return moment.astimezone(SHANGHAI).date()


def rate(numerator, denominator):
    """(value, numerator, denominator), the value with one decimal, half up, or None."""
    if denominator == 0:
        return None, numerator, denominator
    tenths = Decimal(numerator * 1000) / Decimal(denominator)
    return float(tenths.quantize(Decimal(1), ROUND_HALF_UP) / 10), numerator, denominator


def number(value):
    return int(value) if value == int(value) else float(value)


def middle(values):
    values = sorted(values)
    if not values:
        return None
    half = len(values) // 2
    if len(values) % 2:
        return values[half]
    return number(Fraction(values[half - 1] + values[half], 2))


class Reference(ReferenceIssues):
    """All figures of one campaign for one cut-off, one period, and one row of one breakdown.

    `first`, `last`: days or None. `level`/`code`: which row; level None is the total, code "" what lies above.
    """

    def __init__(self, tables, campaign_id, as_of, *, first=None, last=None, level=None, code=None):
        self.t, self.as_of, self.level, self.code = tables, as_of, level, code
        self.campaign = next(c for c in tables["campaign"] if c["id"] == campaign_id)
        self.area = self.campaign["area_id"]
        self.opening = datetime.combine(self.campaign["first_on"], time(0), SHANGHAI)
        self.has_period = first is not None or last is not None
        self.start = max(self.opening, datetime.combine(first or date(1, 1, 2), time(0), SHANGHAI))
        self.end = as_of
        if last is not None:
            self.end = min(as_of, datetime.combine(last, time.max, SHANGHAI))
        self.counting = {
            row["outcome"]
            for row in tables["campaign_outcome"]
            if row["campaign_id"] == campaign_id and row["counts_as_visited"]
        }
        self.department_names = {row["id"]: row["name"] for row in tables["department"]}
        self.everything = level is None

    day_of = staticmethod(day_of)
    middle = staticmethod(middle)

    @staticmethod
    def rate(numerator, denominator):
        return rate(len(numerator), len(denominator))

    # ——— which rows ———

    def here(self, place):
        """Whether a place code lies in the wanted row."""
        if self.everything:
            return True
        length = LENGTHS[self.level]
        return place.startswith(self.code) if self.code else len(place) < length

    def mine(self, place, department_id, category):
        """The same for an issue, which has three dimensions."""
        if self.level == "department":
            return self.department_names.get(department_id, "") == self.code
        if self.level == "category":
            return category[:2] == self.code
        return self.here(place)

    def then(self, moment):
        """Up to the cut-off, since the campaign's first moment."""
        return moment is not None and self.opening <= moment <= self.as_of

    def during(self, moment):
        """In the period."""
        return moment is not None and self.start <= moment <= self.end

    def during_day(self, day):
        return self.during(datetime.combine(day, time(0), SHANGHAI))

    def holds(self, row):
        """A dated duty or place on the day of the cut-off."""
        today = day_of(self.as_of)
        return (row["from_on"] is None or row["from_on"] <= today) and (
            row["to_on"] is None or row["to_on"] >= today
        )

    def of_campaign(self, table):
        return [row for row in self.t[table] if row["campaign_id"] == self.campaign["id"]]

    def not_void(self, row):
        return row["voided_at"] is None or row["voided_at"] > self.as_of

    # ——— all of it ———

    def figures(self):
        out = {}
        if self.level not in ("department", "category"):
            out |= self.places() | self.talks() | self.inspections()
            out |= self.register() | self.visits() | self.opinions() | self.deeds()
        if self.level != "category":
            out |= self.people()
        return out | self.issues()

    def places(self):
        grids = [
            place["code"]
            for place in self.t["place"]
            if place["kind"] and place["code"].startswith(self.area) and self.holds(place)
        ]
        grids = [code for code in grids if self.here(code)]
        return {"grids": len(grids), "areas_with_grids": len({code[:12] for code in grids})}

    def people(self):
        cadres = {row["id"]: row for row in self.t["cadre"]}
        posted = set()
        for posting in self.t["posting"]:
            if posting["role"] not in ("visitor", "grid_leader") or not self.holds(posting):
                continue
            if not posting["place_id"].startswith(self.area):
                continue
            department = cadres[posting["cadre_id"]]["department_id"]
            if self.mine(posting["place_id"], department, ""):
                posted.add(posting["cadre_id"])
        by_category = dict.fromkeys(self.t["choices"]["cadre_category"], 0)
        for pk in posted:
            by_category[cadres[pk]["category"]] += 1
        out = {"cadres": len(posted), "cadres_by_category": by_category}
        return out | self.teams(cadres) | self.participation()

    def teams(self, cadres):
        """By place a team belongs to the rows of its range of duty, by department to those of its members."""
        teams, members = set(), set()
        for team in self.of_campaign("team"):
            places = [row["place_id"] for row in self.t["team_place"] if row["team_id"] == team["id"]]
            for member in self.t["team_member"]:
                if member["team_id"] != team["id"] or not self.holds(member):
                    continue
                department = cadres[member["cadre_id"]]["department_id"]
                if self.everything or any(self.mine(place, department, "") for place in places):
                    teams.add(team["id"])
                    members.add(member["cadre_id"])
        return {"teams": len(teams), "team_members": len(members)}

    def participation(self):
        """One for each cadre of each counting visit; the department is that of the day."""
        n = 0
        for visit in self.valid_visits():
            if visit["outcome"] in self.counting and self.during(visit["started_at"]):
                for row in self.t["visit_cadre"]:
                    if row["visit_id"] == visit["id"]:
                        n += self.mine(visit["grid_id"], row["department_id"], "")
        return {"cadre_visits": n}

    # ——— visits ———

    def valid_visits(self):
        """Valid visits of the campaign up to the cut-off, oldest first."""
        visits = [
            visit
            for visit in self.of_campaign("visit")
            if self.not_void(visit) and self.then(visit["started_at"])
        ]
        return sorted(visits, key=lambda visit: (visit["started_at"], visit["id"]))

    def register(self):
        kinds = {row["id"]: row["kind"] for row in self.t["entry"]}
        history = {}
        for visit in self.valid_visits():
            history.setdefault(visit["entry_id"], []).append(visit)
        groups = {"household": [], "enterprise": []}
        for period in self.t["period"]:
            if not self.holds(period) or period["state"] not in ("active", "vacant"):
                continue
            if not period["grid_id"].startswith(self.area) or not self.here(period["grid_id"]):
                continue
            visits = history.get(period["entry_id"], [])
            if visits and visits[-1]["outcome"] in ("moved", "demolished"):
                continue
            if kinds[period["entry_id"]] in groups:
                groups[kinds[period["entry_id"]]].append((period["state"], visits))
        parts = dict.fromkeys(["visited", "not_in", "vacant", "refused", "remote", "untried"], 0)
        for state, visits in groups["household"]:
            parts[self.standing(state, visits)] += 1
        out = {f"households_{part}": n for part, n in parts.items()}
        out["households"] = len(groups["household"])
        out["visit_coverage"] = rate(parts["visited"], len(groups["household"]))
        out["households_visited"] = self.visited_in_period(groups["household"])
        out["enterprises"] = len(groups["enterprise"])
        out["enterprises_visited"] = self.visited_in_period(groups["enterprise"])
        return out

    def standing(self, state, visits):
        if any(visit["outcome"] in self.counting for visit in visits):
            return "visited"
        if visits:
            return visits[-1]["outcome"]
        return "vacant" if state == "vacant" else "untried"

    def visited_in_period(self, group):
        n = 0
        for _state, visits in group:
            counting = [visit for visit in visits if visit["outcome"] in self.counting]
            if counting and (not self.has_period or self.during(counting[0]["started_at"])):
                n += 1
        return n

    def visits(self):
        kinds = {row["id"]: row["kind"] for row in self.t["entry"]}
        out = dict.fromkeys(["visits", "school_visits", "people_met"], 0)
        late = typed = 0
        for visit in self.valid_visits():
            if visit["outcome"] not in self.counting or not self.during(visit["started_at"]):
                continue
            if not self.here(visit["grid_id"]):
                continue
            out["visits"] += kinds[visit["entry_id"]] == "household"
            out["school_visits"] += kinds[visit["entry_id"]] == "school"
            out["people_met"] += visit["people_met"] or 0
            if visit["origin"] != "workbook":
                typed += 1
                over = visit["ended_at"] or visit["started_at"]
                late += visit["filed_at"] - over > timedelta(hours=24)
        return out | {"late_filed_share": rate(late, typed)}

    def inspections(self):
        valid = {visit["id"]: visit["grid_id"] for visit in self.valid_visits()}
        reached = confirmed = 0
        for row in self.t["inspection"]:
            asked = row["visit_id"] in valid and self.during_day(row["asked_on"])
            if asked and self.here(valid[row["visit_id"]]):
                reached += row["is_reached"]
                confirmed += row["is_confirmed"]
        return {"inspection_confirmed_rate": rate(confirmed, reached)}

    # ——— gatherings, materials, words, deeds ———

    def placed(self, table, date_column):
        return [
            row
            for row in self.of_campaign(table)
            if self.not_void(row) and self.during_day(row[date_column]) and self.here(row["place_id"])
        ]

    def talks(self):
        gatherings, handouts = self.placed("gathering", "held_on"), self.placed("handout", "given_on")
        kinds = dict.fromkeys(self.t["choices"]["gathering_kind"], 0)
        for row in gatherings:
            kinds[row["kind"]] += 1
        materials = dict.fromkeys(self.t["choices"]["material_kind"], 0)
        for row in handouts:
            materials[row["kind"]] += row["copies"]
        held = {row["id"] for row in gatherings}
        departments = {
            row["department_id"] for row in self.t["gathering_speaker"] if row["gathering_id"] in held
        }
        visited = {
            visit["id"]
            for visit in self.valid_visits()
            if self.during(visit["started_at"]) and self.here(visit["grid_id"])
        }
        departments |= {row["department_id"] for row in self.t["visit_cadre"] if row["visit_id"] in visited}
        return {
            "gatherings": len(gatherings),
            "gatherings_by_kind": kinds,
            "gathering_attendance": sum(row["attendance"] or 0 for row in gatherings),
            "receptions": kinds["reception"] + kinds["visiting_reception"],
            "materials_handed_out": sum(row["copies"] for row in handouts),
            "materials_by_kind": materials,
            "departments": len(departments - {None}),
        }

    def opinions(self):
        void, restricted = set(), set()
        for mark in self.t["opinion_mark"]:
            if mark["kind"] == "restricted":
                restricted.add(mark["opinion_id"])
            elif mark["at"] <= self.as_of:
                void.add(mark["opinion_id"])
        answers = {}
        for row in sorted(self.t["suggestion_answer"], key=lambda row: (row["at"], row["id"])):
            if row["at"] <= self.as_of:
                answers[row["opinion_id"]] = row["answer"]
        sources = dict.fromkeys(self.t["choices"]["opinion_source"], 0)
        suggestions = adopted = 0
        for row in self.of_campaign("opinion"):
            if row["id"] in void | restricted or row["nature"] == "report":
                continue
            if row["corrects_id"] and row["created_at"] > self.as_of:
                continue  # until then the words that it corrects were counted
            if not self.during(row["heard_at"]) or not self.here(row["place_id"]):
                continue
            sources[row["source"]] += 1
            if row["nature"] == "suggestion":
                suggestions += 1
                adopted += answers.get(row["id"]) in ("adopted", "partly")
        return {
            "opinions": sum(sources.values()),
            "opinions_by_source": sources,
            "suggestions": suggestions,
            "suggestions_adopted": adopted,
            "adoption_rate": rate(adopted, suggestions),
        }

    def deeds(self):
        deeds = self.placed("deed", "done_on")
        return {
            "deeds": len(deeds),
            "deed_amount": number(sum((row["amount"] or Decimal(0) for row in deeds), Decimal(0))),
            "deed_households": sum(row["households_helped"] or 0 for row in deeds),
        }
