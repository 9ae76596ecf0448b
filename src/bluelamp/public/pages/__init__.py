"""Pages of the public site: for each a frozen dataclass and the small function that makes it."""
