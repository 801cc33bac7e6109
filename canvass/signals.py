"""What the kernel tells an app that it may not import; docs/architecture.md lists who hears it."""

from django.dispatch import Signal

# Somebody has to wait before the next try. Sent with `request` and with `username` as it was typed.
sign_in_locked = Signal()
