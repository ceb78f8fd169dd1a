"""What people look at: tables, pictures, reports, explanations."""
