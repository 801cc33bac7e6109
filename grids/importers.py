"""Loads the sheets of places, departments and the register."""

from datetime import timedelta

from django.utils.translation import gettext as _

from canvass import bulk, places
from canvass.importing import Importer, shape_of_code

from .enums import GridKind, RegisterState
from .models import Cadre, Department, Place, RegisterEntry, RegisterPeriod
from .sheets import AREAS, DEPARTMENTS, GRIDS, REGISTER

_DIGIT_OF_KIND = {GridKind.GENERAL: "0", GridKind.DEDICATED: "1", GridKind.MICRO: "2"}


def known_places(codes):
    return set(Place.objects.filter(code__in=codes).values_list("code", flat=True))


def known_departments(names):
    return set(Department.objects.filter(name__in=names).values_list("name", flat=True))


def known_cadres(numbers):
    return set(Cadre.objects.filter(staff_number__in=numbers).values_list("staff_number", flat=True))


def known_entries(numbers):
    return set(RegisterEntry.objects.filter(number__in=numbers).values_list("number", flat=True))


def department_ids(names):
    """{name: primary key} of departments that are known to exist."""
    return dict(Department.objects.filter(name__in=names).values_list("name", "pk"))


def refer_to_places(importer, rows, key):
    """Report codes that are neither on the sheets of areas and grids nor known."""
    load = importer.load
    if load.importers["areas"].keyless or load.importers["grids"].keyless:
        return
    on_sheets = (load.importers["areas"].first, load.importers["grids"].first)
    values = {value for row in rows for value in _each(row[key])}
    unknown = {value for value in values if not any(value in sheet for sheet in on_sheets)}
    unknown -= known_places(unknown) if unknown else set()
    for row in rows if unknown else ():
        for value in _each(row[key]):
            if value in unknown:
                row.error(key, shape_of_code(value) or _("没有这个区划或网格。请核对代码。"), value)


def _each(value):
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


class PlaceImporter(Importer):
    """What areas and grids share: valid from the campaign's first day, without end."""

    updates = True

    def more_differences(self, values, stored):
        found = []
        first_on = self.load.first_on
        if first_on and stored["from_on"] and stored["from_on"] > first_on:
            found.append((_("启用日期"), stored["from_on"], first_on))
        if stored["to_on"]:
            found.append((_("停用日期"), stored["to_on"], ""))
        return found

    def create(self, rows):
        bulk.insert(
            Place,
            ["code", "name", "parent_id", "urban_rural", "kind", "from_on"],
            [
                (
                    row["code"],
                    row["name"],
                    places.parent_code(row["code"]) or None,
                    row.get("urban_rural", ""),
                    row.get("kind", ""),
                    self.load.first_on,
                )
                for row in rows
            ],
        )

    def change(self, rows):
        stated = {row["code"]: row for row in rows}
        found = list(Place.objects.select_for_update(no_key=True).filter(code__in=stated))
        for place in found:
            row = stated[place.code]
            place.name = row["name"]
            place.urban_rural = row.get("urban_rural", place.urban_rural)
            if place.from_on:
                place.from_on = min(place.from_on, self.load.first_on)
            place.to_on = None
        bulk.update(found, ["name", "urban_rural", "from_on", "to_on"])

    def stored(self, keys):
        columns = ("code", "name", "urban_rural", "kind", "from_on", "to_on")
        return {row["code"]: row for row in Place.objects.filter(code__in=keys).values(*columns)}


class AreaImporter(PlaceImporter):
    sheet = AREAS

    def __init__(self, load):
        super().__init__(load)
        self.parents = []  # (row, code of the parent): the parent may stand further down

    def inspect(self, rows):
        for row in rows:
            code, urban_rural = row["code"], row["urban_rural"]
            if urban_rural and not (len(urban_rural) == 3 and urban_rural.isdigit()):
                row.error("urban_rural", _("城乡分类是三位数字。请核对。"))
            if code is None:
                continue
            if wrong := shape_of_code(code):
                row.error("code", wrong)
            elif len(code) == places.GRID:
                row.error("code", _("16 位的是网格编码，请填到“网格”表。"))
            elif not self.load.touches(code):
                row.error("code", _("不在活动区划 %s 之内，也不是它的上级。请核对代码。") % self.load.area)
            elif parent := places.parent_code(code):
                self.parents.append((row, parent))

    def end(self):
        wanted = {parent for _row, parent in self.parents if parent not in self.first}
        missing = wanted - known_places(wanted) if wanted else set()
        for row, parent in self.parents:
            if parent in missing:
                row.error("code", _("上级区划 %s 不在本表，系统里也没有。请补上上级，或改正代码。") % parent)
        self.parents = []


class GridImporter(PlaceImporter):
    sheet = GRIDS

    def inspect(self, rows):
        villages = self.load.importers["areas"]
        inside = {row["code"][:12] for row in rows if row["code"]} - villages.first.keys()
        unknown = inside - known_places(inside) if inside and not villages.keyless else set()
        for row in rows:
            if code := row["code"]:
                self._inspect_code(row, code, unknown)

    def _inspect_code(self, row, code, unknown):
        digit = _DIGIT_OF_KIND.get(row["kind"])
        if not (code.isascii() and code.isdigit() and len(code) == places.GRID):
            row.error("code", _("网格编码是 16 位数字，这里是 %d 位。请核对。") % len(code))
        elif code[:12] in unknown:
            row.error(
                "code",
                _("前 12 位 %s 不是已知的村（社区）。请改正编码，或在“区划”表补上这个村。") % code[:12],
            )
        elif not self.load.lies_inside(code):
            row.error("code", _("不在活动区划 %s 之内。请核对代码。") % self.load.area)
        elif digit and code[12] != digit:
            row.error("code", _("第 13 位须与类型一致：综合 0，专属 1，微 2。请改正编码或类型。"))


class DepartmentImporter(Importer):
    sheet = DEPARTMENTS
    updates = True

    def stored(self, keys):
        columns = ("name", "level", "contact_name", "contact_phone")
        return {row["name"]: row for row in Department.objects.filter(name__in=keys).values(*columns)}

    def create(self, rows):
        names = ["name", "level", "contact_name", "contact_phone"]
        bulk.insert(Department, names, [tuple(row.get(name, "") for name in names) for row in rows])

    def change(self, rows):
        stated = {row["name"]: row for row in rows}
        found = list(Department.objects.select_for_update(no_key=True).filter(name__in=stated))
        for department in found:
            for name, value in stated[department.name].items():
                setattr(department, name, value)
        bulk.update(found, ["level", "contact_name", "contact_phone"])


class RegisterImporter(Importer):
    sheet = REGISTER
    updates = True

    def inspect(self, rows):
        for row in rows:
            code = row["grid"]
            if code and len(code) != places.GRID:
                row.error("grid", _("网格编码是 16 位数字，这里是 %d 位。请核对。") % len(code))
        fine = [row for row in rows if not row.bad]
        self.inside_area(fine, "grid")
        self.refer(
            [r for r in fine if not r.bad],
            "grid",
            "grids",
            known_places,
            _("没有这个网格。请核对编码，或在“网格”表补上。"),
        )
        self._refuse_those_of_others(fine)

    def ids(self, numbers):
        """{number: primary key} of known entries."""
        wanted = {number for number in numbers if number}
        found = RegisterEntry.objects.filter(number__in=wanted)
        return dict(found.values_list("number", "pk")) if wanted else {}

    def _refuse_those_of_others(self, rows):
        """A number that is known elsewhere would drag a household out of somebody else's campaign."""
        mine = {row["number"]: row for row in rows if not row.bad}
        for number, grid in RegisterEntry.objects.filter(number__in=mine).values_list("number", "grid_id"):
            if not self.load.lies_inside(grid):
                mine[number].error(
                    "number", _("这个编号已登记在活动区划之外的网格 %s。请换一个编号。") % grid
                )

    def stored(self, keys):
        columns = ("pk", "number", "kind", "grid", "address", "holder_name", "state", "from_on")
        found = {row["number"]: row for row in RegisterEntry.objects.filter(number__in=keys).values(*columns)}
        first_on = self.load.first_on
        late = [row["pk"] for row in found.values() if first_on and row["from_on"] > first_on]
        earlier = self._with_earlier_period(late)
        for row in found.values():
            row["extends"] = bool(first_on) and row["from_on"] > first_on and row["pk"] not in earlier
        return found

    @staticmethod
    def _with_earlier_period(entries):
        ended = RegisterPeriod.objects.filter(entry__in=entries, to_on__isnull=False) if entries else ()
        return set(ended.values_list("entry", flat=True)) if entries else set()

    def more_differences(self, values, stored):
        if stored["extends"]:
            return [(_("自何日起"), stored["from_on"], self.load.first_on)]
        return []

    def create(self, rows):
        first_on, active = self.load.first_on, RegisterState.ACTIVE.value
        ids = bulk.insert(
            RegisterEntry,
            ["number", "kind", "grid_id", "address", "holder_name", "state", "from_on"],
            [
                (
                    row["number"],
                    row["kind"],
                    row["grid"],
                    row["address"],
                    row.get("holder_name", ""),
                    row.get("state", active),
                    first_on,
                )
                for row in rows
            ],
        )
        bulk.insert(
            RegisterPeriod,
            ["entry_id", "grid_id", "state", "from_on"],
            [
                (pk, row["grid"], row.get("state", active), first_on)
                for pk, row in zip(ids, rows, strict=True)
            ],
        )

    def change(self, rows):
        stated = {row["number"]: row for row in rows}
        entries = list(RegisterEntry.objects.select_for_update(no_key=True).filter(number__in=stated))
        periods = RegisterPeriod.objects.filter(entry__in=entries)
        current = {period.entry_id: period for period in periods.filter(to_on__isnull=True)}
        earlier = set(periods.filter(to_on__isnull=False).values_list("entry", flat=True))
        fresh = []
        for entry in entries:
            row, period = stated[entry.number], current[entry.pk]
            entry.kind, entry.address = row["kind"], row["address"]
            entry.holder_name = row.get("holder_name", entry.holder_name)
            fresh += self._place(entry, period, row, extends=entry.pk not in earlier)
        columns = ["kind", "address", "holder_name", "grid", "state", "from_on"]
        bulk.update(entries, columns)
        bulk.update(current.values(), ["grid", "state", "from_on", "to_on"])
        RegisterPeriod.objects.bulk_create(fresh)

    def _place(self, entry, period, row, *, extends):
        """The grid and state from the campaign's first day on; returns the new period if one begins.

        The rule of services.place_entry: what began earlier ends the day before, the rest is corrected.
        """
        first_on = self.load.first_on
        grid, state = row["grid"], row.get("state", entry.state)
        moved = (entry.grid_id, entry.state) != (grid, state)
        entry.grid_id, entry.state = grid, state
        if moved and period.from_on < first_on:
            period.to_on = first_on - timedelta(days=1)
            entry.from_on = first_on
            return [RegisterPeriod(entry=entry, grid_id=grid, state=state, from_on=first_on)]
        period.grid_id, period.state = grid, state
        if period.from_on > first_on and extends:
            entry.from_on = period.from_on = first_on
        return []
