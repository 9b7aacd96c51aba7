"""Settings, URLs, start-up checks, processes: the composition root."""
