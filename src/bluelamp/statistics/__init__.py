"""Pure mathematics: arrays in, arrays out. This room imports nothing of ours.

| module | what |
|---|---|
| `intervals` | Byar, exact Poisson and Wilson intervals for counts, rates and shares |
| `false_discovery` | Benjamini and Hochberg's q-values over everything that was tested |
| `change` | the two judgements, `watch` and `edition`, and what they hand back |
| `scales` | the scale on which a count, a share or a mean is judged, and the way back |
| `noise` | the family of noise models a series is judged under |
| `contrast` | the generalised least squares contrast, averaged over that family |
| `calibration` | from the evidence of one look to a p-value for a year of looks |
| `disclosure` | what not to show of small groups: suppression, rounding, cell keys, the attacker |
| `charts` | control charts and runs rules by the names readers know; no finding rests on them |
| `survey` | estimates from a sample with its design, raking, intervals, years, small areas |
| `simulation` | series with planted truths, for tests and benchmarks |
"""
