"""Small checks and helpers of the repository itself; nothing here is part of the package."""
