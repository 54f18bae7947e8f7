//! Counts instructions where this process runs under Callgrind, a tool of Valgrind.
//!
//! A program speaks to Valgrind through a sequence of instructions that does nothing on a processor
//! and that Valgrind recognises: "The Client Request mechanism" in its manual. So neither symbols
//! nor a library are needed, and a stripped executable works as well.

use std::path::PathBuf;

/// `VG_USERREQ__RUNNING_ON_VALGRIND`
const RUNNING_ON_VALGRIND: usize = 0x1001;
/// Requests of Callgrind begin with its two letters.
const CALLGRIND: usize = (b'C' as usize) << 24 | (b'T' as usize) << 16;
const DUMP_STATS: usize = CALLGRIND;
const ZERO_STATS: usize = CALLGRIND + 1;
const START_INSTRUMENTATION: usize = CALLGRIND + 4;

/// The counting Callgrind around this process, which writes what it has counted into files.
#[derive(Debug)]
pub(crate) struct Callgrind {
    /// The files are named so, with their number behind a dot.
    prefix: PathBuf,
    /// Files that were read.
    parts: u32,
}

impl Callgrind {
    /// Whether processors like this one can speak to Valgrind.
    pub(crate) const SUPPORTED: bool =
        cfg!(all(unix, any(target_arch = "x86_64", target_arch = "aarch64")));

    /// Begins to count; what ran before cost no counting. `prefix` is what Callgrind was given as
    /// `--callgrind-out-file`.
    pub(crate) fn start(prefix: impl Into<PathBuf>) -> Result<Self, String> {
        if request(RUNNING_ON_VALGRIND) == 0 {
            return Err("this process does not run under Valgrind".to_owned());
        }
        request(START_INSTRUMENTATION);
        Ok(Self { prefix: prefix.into(), parts: 0 })
    }

    /// A region begins: all threads count from zero.
    #[inline(never)]
    pub(crate) fn begin() {
        request(ZERO_STATS);
    }

    /// The region is over: its count goes into a file.
    #[inline(never)]
    pub(crate) fn end() {
        request(DUMP_STATS);
    }

    /// Instructions of so many regions, those that ended since the last call.
    pub(crate) fn take(&mut self, regions: u64) -> Result<u64, String> {
        let mut sum = 0;
        for _ in 0..regions {
            self.parts += 1;
            let mut name = self.prefix.clone().into_os_string();
            name.push(format!(".{}", self.parts));
            let path = PathBuf::from(name);
            let named = |why: String| format!("{}: {why}", path.display());
            let text = std::fs::read_to_string(&path).map_err(|error| named(error.to_string()))?;
            sum += total(&text).ok_or_else(|| named("no total stands in it".to_owned()))?;
            // They go with their folder in the end; until then they need not pile up.
            let _ = std::fs::remove_file(&path);
        }
        Ok(sum)
    }
}

/// Instructions of all threads together. The event `Ir` comes first where there are several.
fn total(text: &str) -> Option<u64> {
    let line = |name: &str| text.lines().rev().find_map(|line| line.strip_prefix(name));
    line("totals:").or_else(|| line("summary:"))?.split_whitespace().next()?.parse().ok()
}

/// Asks Valgrind; 0 where there is none, and for requests that have no answer.
fn request(code: usize) -> usize {
    let arguments: [usize; 6] = [code, 0, 0, 0, 0, 0];
    #[cfg(all(unix, target_arch = "x86_64"))]
    {
        let answer;
        // SAFETY: `rdi` is rotated by 128 bits in all, which leaves it as it was, and exchanging
        // `rbx` with itself does nothing. Valgrind reads the arguments, which live until after,
        // and puts its answer into `rdx`.
        unsafe {
            std::arch::asm!(
                "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51",
                "xchg rbx, rbx",
                in("rax") arguments.as_ptr(),
                inlateout("rdx") 0_usize => answer,
                options(nostack),
            );
        }
        answer
    }
    #[cfg(all(unix, target_arch = "aarch64"))]
    {
        let answer;
        // SAFETY: `x12` is rotated by 128 bits in all, which leaves it as it was, and `x10` is
        // combined with itself. Valgrind reads the arguments, which live until after, and puts its
        // answer into `x3`.
        unsafe {
            std::arch::asm!(
                "ror x12, x12, #3", "ror x12, x12, #13", "ror x12, x12, #51", "ror x12, x12, #61",
                "orr x10, x10, x10",
                in("x4") arguments.as_ptr(),
                inlateout("x3") 0_usize => answer,
                options(nostack),
            );
        }
        answer
    }
    #[cfg(not(all(unix, any(target_arch = "x86_64", target_arch = "aarch64"))))]
    {
        let _ = arguments;
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found() {
        let text =
            "# callgrind format\nevents: Ir\nsummary: 4018\n\nfn=(4)\n0 4008\n\ntotals: 4019\n";
        assert_eq!(total(text), Some(4019));
        assert_eq!(total("events: Ir Dr\nsummary: 12 7\n"), Some(12));
        assert_eq!(total("events: Ir\n"), None);
        assert_eq!(total("totals: many\n"), None);
        assert_eq!(total(""), None);
    }

    #[test]
    fn on_a_processor_the_requests_do_nothing() {
        // Whoever runs these tests under Valgrind knows why.
        if request(RUNNING_ON_VALGRIND) == 0 {
            assert!(Callgrind::start("/nowhere").is_err());
        }
        Callgrind::begin();
        Callgrind::end();
    }

    #[test]
    fn a_count_that_was_not_written_is_an_error() {
        let mut nowhere = Callgrind { prefix: PathBuf::from("/nowhere/part"), parts: 0 };
        assert_eq!(nowhere.take(0), Ok(0));
        assert!(nowhere.take(1).is_err_and(|why| why.starts_with("/nowhere/part.1: ")));
    }
}
