"""One folder a channel: turns a medium into messages and messages back into it."""
