"""Control charts and runs rules by the names under which readers know them.

They are offered because health, police and audit staff are used to them, and so that our answer
can be laid beside theirs. **No finding rests on them**: with the usual rules and two years of
months, a series that has not changed alarms within a year 19 times in 100, and far more often
where it is seasonal or hangs together from month to month. What a page says has changed comes from
`statistics.change`, which is held to 5 in 100.

| module | what |
|---|---|
| `xmr` | the XmR chart of NHS *Making Data Count*: limits, rebasing, both icons, dates |
| `four_rules` | the four rules of that chart, on sides and steps |
| `individuals` | Shewhart's I and MR charts, without rules |
| `attributes` | p, u and c charts: shares, rates and counts |
| `laney` | p' and u': the same, wider by what the months vary more than chance |
| `normalised` | I': single values that rest on unequal numbers |
| `rare` | G and T charts: cases, or time, between rare events |
| `subgroups` | x-bar and s charts: several measurements a month |
| `runs` | Anhoej's rules: the longest run and the crossings, without limits |
| `cusum` | cumulative sums: the classical one, and the one of OpenPrescribing |
| `limits` | what the charts hand back, and how a baseline is given |

All take arrays of shape (..., months), one row a series, and hand back arrays of that shape; a
month not known is NaN. Units are those of the values. Each is held to published numbers, listed in
`docs/vectors.md`.
"""
