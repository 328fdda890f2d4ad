"""The demo: a small energy supplier's website that Balie is shown on."""
