"""The project and its kernel: imports no app and has no concrete model."""
