"""What people hand over and what we send: stored with its hash, guarded against what may not be kept."""
