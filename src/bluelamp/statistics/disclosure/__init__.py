"""Disclosure control: what must not be shown of small groups, and how not to show it.

| module | what |
|---|---|
| `primary` | which cells are sensitive: threshold, dominance and p per cent rules |
| `tables` | cells and the sums that tie them: margins, hierarchies, linked tables |
| `rates` | published rates and shares as cells of such a table |
| `differencing` | earlier releases as further cells of it |
| `suppression` | the cheapest further cells to leave out, solved exactly |
| `audit` | the attacker: between what does a cell that is left out lie? |
| `rounding` | to a base, plainly, at random or so that tables still add up |
| `p_tables`, `perturbing` | the cell-key method |
| `attacker`, `attempts`, `cuts`, `programme` | the parts of which suppression and audit are made |

Sources: Hundepool et al. (2012), "Statistical Disclosure Control"; Fischetti & Salazar (2000,
2001).
"""
