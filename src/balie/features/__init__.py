"""One folder a feature: vertical slices that listen to facts and add resources."""
