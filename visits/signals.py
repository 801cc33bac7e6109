"""What this app tells the apps above it, which it may not import. docs/architecture.md lists each with its reason."""

from django.dispatch import Signal

# Words were replaced by others: `pairs` [(former, correction)], `by`, `at`; in the transaction that does it.
words_corrected = Signal()
