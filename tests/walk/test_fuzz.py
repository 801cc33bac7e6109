"""A small helping of the fuzzer with every run of the tests; `python -m tests.fuzz` has the large one."""

import gc
import os

import pytest

from .fuzzing import AS, Fuzz

pytestmark = pytest.mark.django_db

REQUESTS = 2_000


# A server closes each answer; the fuzzer drops the files of answers that nobody reads, HEAD and refusals among them.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_nothing_that_is_sent_breaks_or_misleads_the_site(world):
    seed = int(os.environ.get("FUZZ_SEED", "20180905"))
    fuzz = Fuzz(world, seed, AS[:3]).run(REQUESTS)
    gc.collect()
    print(f"seed {seed}: {fuzz.tried} requests, {dict(sorted(fuzz.statuses.items()))}")

    assert not fuzz.wrong, f"{len(fuzz.wrong)} of {fuzz.tried}\n" + "\n".join(fuzz.wrong[:20])
    # A fuzzer that is turned away at every door finds nothing.
    assert fuzz.statuses[200] > REQUESTS / 10
