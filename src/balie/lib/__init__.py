"""Pure helpers without state: clock, ids, text, errors."""
