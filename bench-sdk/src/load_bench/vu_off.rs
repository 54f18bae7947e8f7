//! What stands in for a virtual user where there is none: functions that take it type-check, and
//! nothing calls them.

use std::time::Duration;

/// A virtual user; inert without the feature `load`.
#[derive(Clone, Debug)]
pub struct Vu(Never);

#[derive(Clone, Copy, Debug)]
enum Never {}

impl Vu {
    /// Its number, from 1.
    pub fn id(&self) -> u64 {
        match self.0 {}
    }

    /// How many iterations it began before.
    pub fn iteration(&self) -> u64 {
        match self.0 {}
    }

    /// Number of the iteration in its scenario, from 0.
    pub fn iteration_in_scenario(&self) -> u64 {
        match self.0 {}
    }

    /// Name of its scenario.
    pub fn scenario(&self) -> &str {
        match self.0 {}
    }

    /// A variable of its scenario.
    pub fn env(&self, _name: &str) -> Option<&str> {
        match self.0 {}
    }

    /// Counts whether something held.
    pub fn check(&self, _name: &str, _held: bool) -> bool {
        match self.0 {}
    }

    /// Adds to a sum.
    pub fn counter(&self, _name: &str, _value: f64) {
        match self.0 {}
    }

    /// Sets a value of which the last one counts.
    pub fn gauge(&self, _name: &str, _value: f64) {
        match self.0 {}
    }

    /// Adds to a share.
    pub fn rate(&self, _name: &str, _held: bool) {
        match self.0 {}
    }

    /// Adds to a distribution of plain numbers.
    pub fn trend(&self, _name: &str, _value: f64) {
        match self.0 {}
    }

    /// Adds to a distribution of times.
    pub fn trend_duration(&self, _name: &str, _value: Duration) {
        match self.0 {}
    }

    /// Has its samples carry a tag from now on.
    pub fn tag(&self, _name: &str, _value: &str) {
        match self.0 {}
    }

    /// Waits.
    #[expect(clippy::unused_async, reason = "as with the feature, which this stands in for")]
    pub async fn sleep(&self, _duration: Duration) {
        match self.0 {}
    }

    /// A random number below `n`.
    pub fn random(&self, _n: u64) -> u64 {
        match self.0 {}
    }

    /// Times a request.
    #[expect(clippy::unused_async, reason = "as with the feature, which this stands in for")]
    pub async fn request<T, E>(
        &self,
        _name: &str,
        _request: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        match self.0 {}
    }
}
