//! The ten-line quick start.
