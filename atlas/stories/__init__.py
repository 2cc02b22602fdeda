"""Stories (発表): an ordered list of exhibits with own titles and sentences, for a show, a deck, a page."""
