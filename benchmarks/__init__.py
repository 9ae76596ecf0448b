"""Each benchmark prints our figure beside a named rival's in the same run, and fails on a miss."""
