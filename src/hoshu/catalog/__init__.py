"""Service editions as data: plans, clauses, numbers, examples; loaded and checked."""
