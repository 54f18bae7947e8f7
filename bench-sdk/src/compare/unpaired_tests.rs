//! Invented records, compared.
