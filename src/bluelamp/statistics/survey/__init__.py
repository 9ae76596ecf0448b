"""What a sample of people tells of all of them. Pure functions on arrays; imports nothing of ours.

| module | what |
|---|---|
| `design` | how people came into the sample: weights, strata, clusters, variance |
| `estimates` | means, totals, proportions and ratios, of everyone or of a domain |
| `raking` | weights made to agree with what is known of everyone, and the variance then |
| `intervals` | Wilson, Korn and Graubard, logit; Newcombe for differences; margins |
| `change` | the difference of two estimates, of other people or partly of the same |
| `years` | a rolling yearly figure against the earlier years that share nobody with it |
| `small_area` | Fay and Herriot's estimates for areas with few interviews, benchmarked |
"""
