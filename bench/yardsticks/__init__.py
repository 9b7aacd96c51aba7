"""The other sides of the comparisons, taken over unchanged. Do not tune them."""
