"""Checks and helpers of the repository; nothing here is part of the package."""
