"""Records about people: received without what tells them apart, kept sealed beside the store under
keys that lie outside it, for a set time, and never told to anybody but as counts.

A file of a source with `sensitivity: personal` comes in by the same door as every other
(`evidence/receive.py`) and is handed over here before any of it is written.
"""
