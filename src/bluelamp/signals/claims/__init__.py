"""Reads what others say of the figures, and holds each sentence against the findings.

words -> sentences -> mentions -> assertions -> verdicts: each module does one of these steps.
"""
