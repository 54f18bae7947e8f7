//! What benchmarks of other tools mean by their options.

use std::panic::catch_unwind;

use crate::registry::{Dialect, Group, Registration};

/// No machine has more use for threads of one benchmark.
pub(super) const MOST_THREADS: usize = 1024;

/// Why the benchmark is ignored, if it is; the nearest that says yes or no decides.
pub(super) fn ignored(registration: &Registration, groups: &[&Group]) -> Option<String> {
    match registration.dialect {
        Dialect::Hub => {
            let by_group = groups.iter().find_map(|group| group.ignore);
            registration.ignore.or(by_group).map(str::to_owned)
        }
        Dialect::Divan { .. } => {
            let dialects = groups.iter().map(|group| group.dialect);
            let mut said = std::iter::once(registration.dialect).chain(dialects);
            let ignore = said.find_map(|dialect| match dialect {
                // The user's code; one that panics has said nothing.
                Dialect::Divan { ignore } => catch_unwind(ignore).unwrap_or_default(),
                Dialect::Hub => None,
            });
            ignore.unwrap_or(false).then(String::new)
        }
    }
}

/// Numbers of threads as divan takes them: sorted, each once, 0 for as many as there are
/// processors, none at all for one. A benchmark on one thread has no number in its id.
pub(super) fn divan_threads(counts: &[usize]) -> Vec<Option<u32>> {
    let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let number = |count: &usize| match *count {
        0 => processors(),
        count => count.min(MOST_THREADS),
    };
    let mut counts: Vec<usize> = counts.iter().map(number).collect();
    counts.sort_unstable();
    counts.dedup();
    match counts.as_slice() {
        [] | [1] => vec![None],
        _ => counts.into_iter().map(|count| Some(count as u32)).collect(),
    }
}

/// Numbers of threads under which a case has that id, for who knows no more of it. They are two
/// where the id has one, so that the id is given it again.
pub(super) fn threads_of(id: &str) -> Vec<usize> {
    let number = id.strip_suffix('}').and_then(|id| id.rsplit_once("{t=")?.1.parse().ok());
    number.map_or_else(|| vec![1], |number: usize| vec![number, number.saturating_add(1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_those_of_divan() {
        assert_eq!(divan_threads(&[]), [None]);
        assert_eq!(divan_threads(&[1]), [None]);
        assert_eq!(divan_threads(&[4]), [Some(4)]);
        assert_eq!(divan_threads(&[4, 1, 2, 4]), [Some(1), Some(2), Some(4)]);
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        assert_eq!(divan_threads(&[0]), divan_threads(&[processors]));
    }

    #[test]
    fn an_id_tells_its_threads() {
        assert_eq!(threads_of("a::b::1"), [1]);
        assert_eq!(threads_of("a::b::1{t=4}"), [4, 5]);
        assert_eq!(threads_of("a::b{t=x}"), [1]);
        let named = |id: &str| divan_threads(&threads_of(id));
        assert_eq!(
            (named("a{t=1}")[0], named("a{t=8}")[0], named("a")[0]),
            (Some(1), Some(8), None)
        );
    }
}
