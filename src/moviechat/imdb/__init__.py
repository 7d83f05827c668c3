"""IMDb's Non-Commercial Datasets: the tables, as files and as a catalogue (https://developer.imdb.com/non-commercial-datasets/)."""
