"""Comparing areas: what chance and the usual differences between them explain, and what stands out.

Arrays of areas go in and arrays come out; the last axis is always the areas, and a NaN is an area
that is not known: it takes no part and stays NaN. Nothing here knows a place's name.

    funnel               limits about a known or common level, if chance were all there is
    overdispersion       the published way to widen them: the Winsorised additive method
    outliers             ours: what lies outside the usual differences, at the rate that is promised
    shrinkage            rates drawn towards the mean of all, as far as chance made them
    regression_to_mean   how much the worst will improve if nothing changes
    ranks                between which ranks an area lies; pairs that cannot be told apart
    peers                which areas are alike, in what, and when none is
"""
