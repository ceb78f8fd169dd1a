"""What the tables, measures, codes and sources are called and hold: data, without Spark."""
