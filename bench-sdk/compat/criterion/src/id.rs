//! Names of benches.

use std::fmt::Display;

/// A function and its parameter, or only one of them.
///
/// ```
/// use criterion::BenchmarkId;
///
/// assert_ne!(BenchmarkId::new("sort", 10), BenchmarkId::from_parameter(10));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BenchmarkId {
    pub(crate) function: Option<String>,
    pub(crate) parameter: Option<String>,
}

impl BenchmarkId {
    /// A function with that parameter.
    pub fn new<S: Into<String>, P: Display>(function_name: S, parameter: P) -> Self {
        Self { function: Some(function_name.into()), parameter: Some(parameter.to_string()) }
    }

    /// A parameter of the only function of its group.
    pub fn from_parameter<P: Display>(parameter: P) -> Self {
        Self { function: None, parameter: Some(parameter.to_string()) }
    }

    /// What is named by its group alone.
    pub(crate) fn of_group() -> Self {
        Self { function: None, parameter: None }
    }

    /// The whole name, behind that of the group.
    pub(crate) fn within(&self, group: &str) -> String {
        let parts = [Some(group), self.function.as_deref(), self.parameter.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::BenchmarkId {}
    impl<S: Into<String>> Sealed for S {}
}

/// What can be the name of a bench in a group: a [`BenchmarkId`], or text.
pub trait IntoBenchmarkId: sealed::Sealed {
    /// The name.
    fn into_benchmark_id(self) -> BenchmarkId;
}

impl IntoBenchmarkId for BenchmarkId {
    fn into_benchmark_id(self) -> BenchmarkId {
        self
    }
}

impl<S: Into<String>> IntoBenchmarkId for S {
    fn into_benchmark_id(self) -> BenchmarkId {
        BenchmarkId { function: Some(self.into()), parameter: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_slashes_between_their_parts() {
        assert_eq!(BenchmarkId::new("sort", 10).within("group"), "group/sort/10");
        assert_eq!(BenchmarkId::from_parameter("a b").within("group"), "group/a b");
        assert_eq!(BenchmarkId::of_group().within("alone"), "alone");
        assert_eq!("text".into_benchmark_id().within("group"), "group/text");
    }
}
