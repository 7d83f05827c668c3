"""Finding films: by name, by person, by what happens in them."""
