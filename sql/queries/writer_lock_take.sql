-- A statement of its own: the statements after it see what the writer before us committed.
SELECT writer_lock()
