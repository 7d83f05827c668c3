"""Texts on films from Wikipedia: Wikidata says which article, MediaWiki hands out its wikitext."""
