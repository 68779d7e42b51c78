"""What happened in earlier runs: one SQLite database a folder, written from the stream of events."""
