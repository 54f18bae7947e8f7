//! Pure statistics: no I/O, no clock, seeded randomness only.
