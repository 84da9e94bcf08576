"""In what order things happen. The only rooms that read settings; no work is done here."""
