"""Finding stored texts by words and meaning: keeps the index in step with the database and asks it."""
