"""Places in time: editions of boundaries, joining from one to another, and points in polygons.

An area's code says which area it is only together with its *edition*: wards were redrawn in 2014,
2018 and 2022, small areas (LSOAs) in 2021. Amounts go from one edition to another by a join, which
says in words how; where there is none, an error says which look-up is lacking. Equal names are
never taken for the same place.

    editions   sets of areas, and which of them a code is of
    joining    a join: carrying amounts, one join after another, the way back
    lookups    which joins there are, and their tables
    placing    the area of each record: by its small area, its point, or outside
    polygons   boundaries as received: points placed, overlaps measured
"""
