"""Geometry of the charts; templates/reports/_trend_chart.html draws it. No script, no style attribute."""

from math import floor, log10

TOP, AXIS, RIGHT = 32, 34, 8  # room above the panel, for the names of the spans, at the right
NAME = 36  # what the name of a span takes
DIGIT = 7.5  # the width of a digit of a value


def nice_ceiling(number):
    """The next of 1, 2, 4, 6, 8, 10 times a power of ten: where an axis may end. At least 2, to have a middle."""
    if number <= 2:
        return 2
    power = 10 ** floor(log10(number))
    return next(int(step * power) for step in (1, 2, 4, 6, 8, 10) if step * power >= number)


def span_chart(spans, line, is_now, *, width, number=1):
    """One panel of bars over weeks or days. `is_now(span)` sets a bar off; `number` tells the charts of a page apart.

    The narrow drawing for phones has flatter margins and fewer names.
    """
    left, height = (48, 120) if width > 400 else (38, 100)
    slot, foot = (width - left - RIGHT) / len(spans), TOP + height
    every = next(n for n in range(1, 60) if n * slot >= NAME)
    names = [
        {"x": _round(left + slot * (index + 0.5)), "span": span, "is_now": is_now(span)}
        for index, span in enumerate(spans)
        if (len(spans) - 1 - index) % every == 0
    ]
    return {
        "name": "wide" if width > 400 else "narrow",
        "number": number,
        "width": width,
        "height": foot + AXIS,
        "left": left,
        "panel": _panel(line, spans, is_now, left=left, slot=slot, height=height),
        "names": names,
        "names_y": foot + 16,
        "notes_y": foot + 30,
    }


def _panel(line, spans, is_now, *, left, slot, height):
    most = max(line["counts"], default=0)
    ceiling, foot, bar = nice_ceiling(most), TOP + height, min(slot * 0.68, 44)
    has_room = len(f"{most:,}") * DIGIT <= slot
    bars = []
    for index, (span, count) in enumerate(zip(spans, line["counts"], strict=True)):
        tall, middle = height * count / ceiling, left + slot * (index + 0.5)
        bars.append(
            {
                "x": _round(middle - bar / 2),
                "y": _round(foot - tall),
                "width": _round(bar),
                "height": _round(tall),
                "middle": _round(middle),
                "above": _round(foot - tall - 5),
                "count": count,
                "is_named": bool(count) and has_room,
                "is_now": is_now(span),
            }
        )
    ticks = [
        {
            "y": _round(foot - height * part / 2),
            "text_y": _round(foot - height * part / 2 + 4),
            "value": ceiling * part // 2,
        }
        for part in (0, 1, 2)
    ]
    return {"figure": line["figure"], "title_y": TOP - 18, "bars": bars, "ticks": ticks}


def _round(number):
    """As SVG writes it, in every language with a point."""
    return f"{number:.1f}".removesuffix(".0")
