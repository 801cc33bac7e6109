"""The fuzzer by itself, for as long as one likes; nothing but the test client and a scratch database.

    .venv/bin/python -m tests.fuzz --requests 100000 --seed 1

Prints a line for every fault, with the seed that makes it again, and the count of answers; 1 when there was one.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

SLICE = 1_000


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--requests", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--minutes", type=float, default=60)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="canvass-fuzz-") as scratch:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "canvass.settings",
            "DATABASE_URL": os.environ.get(
                "FUZZ_DATABASE_URL", f"sqlite:///{Path(scratch) / 'fuzz.sqlite3'}"
            ),
            "MEDIA_ROOT": str(Path(scratch) / "media"),
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "FIELD_KEYS": "only-for-the-fuzzer" * 3,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-the-fuzzer" * 3,
        }
        return run(asked)


def run(asked):
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    import time_machine
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    from tests.walk import world as worlds
    from tests.walk.filling import common_rows
    from tests.walk.fuzzing import Fuzz
    from tests.walk.undoing import undone

    began, tried, faults, statuses = time.perf_counter(), 0, 0, {}
    with undone(), time_machine.travel(worlds.factories.at(worlds.DAY)):
        world = worlds.build()
        common_rows()
        fuzz = Fuzz(world, asked.seed)
        for number in range(-(-asked.requests // SLICE)):
            fuzz.begin(asked.seed + number).run(min(SLICE, asked.requests - tried))
            tried += fuzz.tried
            for status, count in fuzz.statuses.items():
                statuses[status] = statuses.get(status, 0) + count
            for line in fuzz.wrong:
                faults += 1
                print(line, flush=True)
            seconds = time.perf_counter() - began
            print(
                f"{tried} requests, {faults} faults, {seconds:.0f} s, last seed {fuzz.seed}",
                file=sys.stderr,
                flush=True,
            )
            if seconds > asked.minutes * 60:
                break
    print(
        f"seeds {asked.seed} to {fuzz.seed}: {tried} requests, {faults} faults, {dict(sorted(statuses.items()))}"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
