"""The figures of issues by loops over plain dicts; the other half of reference_figures."""

from datetime import timedelta

ANSWERED = {"solved", "partly", "not_solved"}
VERDICTS = {"satisfied", "mostly", "dissatisfied"}
OUT = {"void", "merged", "withdrawn"}
REFUSED = {"not_accepted", "transferred"}
STARTED = {"in_progress", "waiting", "parked", "replied", "follow_up"}
REPLIED = {"replied", "follow_up", "closed"}


class ReferenceIssues:
    """Mixin of Reference: each issue as it stood at the cut-off, then counted."""

    def known_issues(self):
        """Issues that are in figures at all, each with what was true at the cut-off."""
        found = []
        for issue in self.of_campaign("issue"):
            if issue["is_restricted"] or issue["category_id"].startswith("20"):
                continue
            if not self.mine(issue["place_id"], issue["lead_department_id"], issue["category_id"]):
                continue
            steps = [
                step
                for step in self.t["issue_step"]
                if step["issue_id"] == issue["id"] and step["at"] <= self.as_of
            ]
            steps.sort(key=lambda step: (step["at"], step["id"]))
            moves = [step for step in steps if step["changes_state"]]
            if not moves or moves[-1]["to_state"] in OUT or not self.then(issue["registered_at"]):
                continue
            found.append(self.as_it_stood(issue, steps, moves))
        return found

    def as_it_stood(self, issue, steps, moves):
        follow_ups = [
            row for row in self.t["follow_up"] if row["issue_id"] == issue["id"] and row["at"] <= self.as_of
        ]
        follow_ups.sort(key=lambda row: (row["at"], row["id"]))
        answered = [row for row in follow_ups if row["result"] in ANSWERED]
        # A department that sent the issue back owes nothing by any day.
        due = [step["due_at"] for step in steps if step["due_at"] or step["move"] == "send_back"]
        state = moves[-1]["to_state"]
        # Solved on the spot goes straight to the follow-up: what was done then is the reply.
        replies = [
            step["at"]
            for before, step in zip([None, *moves], moves, strict=False)
            if step["to_state"] in REPLIED and (before is None or before["to_state"] not in REPLIED)
        ]
        return {
            "row": issue,
            "steps": steps,
            "state": state,
            "closed_at": moves[-1]["at"] if state == "closed" else None,
            "outcome": moves[-1]["outcome"],
            "follow_ups": follow_ups,
            "answered": answered,
            "resolved": state == "closed"
            and (moves[-1]["outcome"] == "substantive" or (answered and answered[-1]["result"] == "solved")),
            "due_at": due[-1] if due else None,
            "first_assigned_at": next((s["at"] for s in moves if s["to_state"] == "assigned"), None),
            "replies": replies,
            "closings": [step["at"] for step in moves if step["to_state"] == "closed"],
        }

    def issues(self):
        known = self.known_issues()
        registered = [i for i in known if self.during(i["row"]["registered_at"])]
        accepted = [i for i in known if i["state"] not in REFUSED]
        accepted_now = [i for i in registered if i["state"] not in REFUSED]
        closed = [i for i in known if self.during(i["closed_at"])]
        open_ = [i for i in accepted if i["state"] != "closed"]
        started = [i for i in accepted if i["state"] in STARTED]
        by_category = dict.fromkeys(self.t["choices"]["category"], 0)
        for issue in registered:
            by_category[issue["row"]["category_id"][:2]] += 1
        resolved = [i for i in closed if i["resolved"]]
        # A due date that names a day is its last second, and overdue only when that is over.
        second = self.as_of.replace(microsecond=0)
        return {
            "issues": len(registered),
            "issues_by_category": by_category,
            "issues_accepted": len(accepted_now),
            "issues_assigned": len([i for i in accepted if self.during(i["first_assigned_at"])]),
            "issues_open": len(open_),
            "issues_started": len(started),
            "issues_resolved": len(resolved),
            "issues_closed": len(closed),
            # It is printed with its two parts, so it is their sum whatever the period.
            "issues_resolved_or_started": len(resolved) + len(started),
            "closing_rate": self.rate([i for i in registered if i["state"] == "closed"], accepted_now),
            "resolution_rate": self.rate([i for i in registered if i["resolved"]], registered),
            "substantive_rate": self.rate([i for i in closed if i["outcome"] == "substantive"], closed),
            "issues_overdue": len(
                [i for i in accepted if i["state"] not in REPLIED and i["due_at"] and i["due_at"] < second]
            ),
            "spot_resolved": len([i for i in registered if i["row"]["is_spot_resolved"]]),
            "median_handling_days": self.middle(
                [self.working_days(i["row"]["registered_at"], i["closed_at"]) for i in closed]
            ),
            **self.promises(known),
            **self.follow_ups(known),
            **self.rows_of_issues(),
        }

    def promises(self, known):
        due = [i for i in known if self.during(i["due_at"])]
        in_time = [i for i in due if i["state"] in REPLIED and i["replies"][-1] <= i["due_at"]]
        replied = [i for i in known if i["replies"] and self.during(i["replies"][0])]
        reworked = [i for i in replied if any(step["move"] == "rework" for step in i["steps"])]
        ended = [i for i in known if i["closings"] and self.during(i["closings"][0])]
        reopened = [i for i in ended if self.was_reopened(i)]
        return {
            "on_time_rate": self.rate(in_time, due),
            "rework_rate": self.rate(reworked, replied),
            "reopen_rate": self.rate(reopened, ended),
        }

    def was_reopened(self, issue):
        """Within 90 days of the closing before it."""
        for step in issue["steps"]:
            before = [at for at in issue["closings"] if at <= step["at"]]
            if step["move"] == "reopen" and before and step["at"] - before[-1] <= timedelta(days=90):
                return True
        return False

    def follow_ups(self, known):
        finished = [
            i
            for i in known
            if (i["replies"] or i["closings"]) and self.during(min(i["replies"] + i["closings"]))
        ]
        rows = [row for i in known for row in i["follow_ups"] if self.during(row["at"])]
        answered = [row for row in rows if row["result"] in ANSWERED]
        verdicts = [row for row in rows if row["satisfaction"] in VERDICTS]
        return {
            "follow_up_rate": self.rate([i for i in finished if i["answered"]], finished),
            "confirmed_solved_rate": self.rate([r for r in answered if r["result"] == "solved"], answered),
            "satisfaction_rate": self.rate(
                [r for r in verdicts if r["satisfaction"] != "dissatisfied"], verdicts
            ),
        }

    def rows_of_issues(self):
        """Returns, extensions and slips: each carries the department it happened to."""
        counts = {"returns": 0, "extensions": 0}
        slips = dict.fromkeys(self.t["choices"]["supervision_colour"], 0)
        saved, self.mine = self.mine, lambda *_: True
        known = {i["row"]["id"]: i for i in self.known_issues()}
        self.mine = saved
        for issue in known.values():
            for step in issue["steps"]:
                name = {"send_back": "returns", "extend": "extensions"}.get(step["move"])
                if name and self.during(step["at"]) and self.is_mine(issue, step):
                    counts[name] += 1
        for slip in self.t["slip"]:
            issue = known.get(slip["issue_id"])
            if issue and self.during(slip["issued_at"]) and self.is_mine(issue, slip):
                slips[slip["colour"]] += 1
        return counts | {"supervisions_by_colour": slips}

    def is_mine(self, issue, row):
        return self.mine(issue["row"]["place_id"], row["department_id"], issue["row"]["category_id"])

    def working_days(self, registered_at, closed_at):
        """After the registration day up to and including the closing day."""
        first, last = self.day_of(registered_at), self.day_of(closed_at)
        days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
        return sum(self.is_working(day) for day in days)

    def is_working(self, day):
        """The published calendar of 2018, written by hand, under the office's own rows."""
        for row in self.t["calendar_day"]:
            if row["day"] == day:
                return row["is_working"]
        iso = day.isoformat()
        if iso in MAKE_UP_DAYS:
            return True
        return day.weekday() < 5 and not any(a <= iso <= b for a, b in HOLIDAYS)


# State Council notice for 2018: Qingming, Labour Day, Dragon Boat, Mid-Autumn and National Day.
HOLIDAYS = [
    ("2018-04-05", "2018-04-07"),
    ("2018-04-29", "2018-05-01"),
    ("2018-06-16", "2018-06-18"),
    ("2018-09-22", "2018-09-24"),
    ("2018-10-01", "2018-10-07"),
    ("2018-12-30", "2019-01-01"),
]
MAKE_UP_DAYS = {"2018-04-08", "2018-04-28", "2018-09-29", "2018-09-30", "2018-12-29"}
