//! Part of the example orchestrator hub.
