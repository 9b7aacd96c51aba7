"""What every door shares: templates, components, errors, the access check of a view."""
