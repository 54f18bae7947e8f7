//! What the programs that time allocations print.

use crate::failure::{Context, Result};

/// An allocation of that size and its free, on so many threads at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Timed {
    pub(crate) size: usize,
    pub(crate) threads: usize,
    pub(crate) ns: f64,
}

/// Reads lines of a size, a number of threads, and nanoseconds.
pub(crate) fn timed_allocations(text: &str) -> Result<Vec<Timed>> {
    let read = |line: &str| {
        let mut words = line.split(' ');
        let timed = Timed {
            size: words.next()?.parse().ok()?,
            threads: words.next()?.parse().ok()?,
            ns: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some(timed)
    };
    text.lines().map(|line| read(line).context(|| format!("no timed allocation: {line}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_size_the_threads_and_a_time() {
        let timed = timed_allocations("16 1 6.75\n4096 2 30.5\n");
        let expected =
            [Timed { size: 16, threads: 1, ns: 6.75 }, Timed { size: 4096, threads: 2, ns: 30.5 }];
        assert_eq!(timed.as_deref(), Ok(&expected[..]));
        assert!(timed_allocations("16 1\n").is_err());
        assert!(timed_allocations("16 1 2 3\n").is_err());
    }
}
