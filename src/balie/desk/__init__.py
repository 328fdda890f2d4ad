"""The spine: contacts, conversations, messages, the log and its feed. Knows no channel and no feature."""
