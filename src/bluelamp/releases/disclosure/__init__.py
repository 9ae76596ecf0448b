"""Protects the people in small counts of `controlled` sources; the method is in docs/methods.

`Guard.of` chooses what to leave out, `Guard.passed` takes it out of a measure's series and figures
before anything is made of them, `evidence` out of what is said of the files. The mathematics is in
`statistics.disclosure`.
"""
