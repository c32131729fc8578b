"""One worker process by itself: its memory over many documents, its start, and how fast it takes partners in."""
