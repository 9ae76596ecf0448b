"""Blue Lamp keeps a police and crime plan as data and runs it."""

__version__ = "0.1.0"
