"""How things look: templates, GOV.UK macros, words for numbers, charts."""
