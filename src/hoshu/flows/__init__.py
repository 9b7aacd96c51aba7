"""The stories from end to end: the only place that writes in two domains."""
