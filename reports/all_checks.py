"""Every check of a report, in the order in which people read them."""

from .sum_checks import SUM_CHECKS
from .typed_checks import TYPED_CHECKS
from .visit_checks import VISIT_CHECKS

CHECKS = (*SUM_CHECKS, *VISIT_CHECKS, *TYPED_CHECKS)
