//! Pure judgements over two sides: what differs, by how much, and how sure that is.
