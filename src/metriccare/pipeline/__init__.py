"""How a run goes: what has work, which notebooks run, what each stage reads and writes."""
