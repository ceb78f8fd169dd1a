"""Executes notebooks: here, in a Glue job, in a Glue session."""
