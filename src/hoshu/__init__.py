"""hoshu (保守): what each maintenance contract promises, decided with its clause."""
