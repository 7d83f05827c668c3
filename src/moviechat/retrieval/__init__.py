"""Finding films by name, by person, or by what happens in them."""
