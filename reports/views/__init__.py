"""The pages of the reports app, one module a family."""
