"""Texts about films from Wikipedia: Wikidata gives the article, MediaWiki its wikitext."""
