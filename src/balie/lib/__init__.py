"""Pure helpers without state: clock, ids, codec, text, secrets."""
