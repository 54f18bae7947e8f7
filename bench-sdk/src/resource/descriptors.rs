//! How many descriptors this process may open.

/// Descriptors that are kept for other things than connections: files, the runtime, libraries.
const SPARE: u64 = 64;

/// Makes room for that many connections at a time: raises the process's own limit as far as it
/// may.
///
/// # Errors
/// The limit that it may not go beyond is too low; says which command raises it.
pub(crate) fn make_room_for_descriptors(connections: u64) -> Result<(), String> {
    let needed = connections.saturating_add(SPARE);
    let Some((limit, most)) = limits() else { return Ok(()) };
    if needed <= limit || (needed <= most && raise(needed)) {
        return Ok(());
    }
    Err(shortage(connections, needed, limit, most))
}

fn shortage(connections: u64, needed: u64, limit: u64, most: u64) -> String {
    let remedy = if needed <= most {
        format!("raise it with `ulimit -n {needed}`")
    } else {
        format!(
            "raise the hard limit of {most}, as root, with `prlimit --nofile={needed}:{needed} \
             --pid $$` in this shell, or for good in /etc/security/limits.conf"
        )
    };
    format!(
        "{connections} virtual users need about {needed} descriptors, and this process may open \
         {limit}: {remedy}, or use fewer virtual users"
    )
}

/// The limit and what it may be raised to; `None` where there is none to be had.
#[cfg(unix)]
fn limits() -> Option<(u64, u64)> {
    let mut limits = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the call fills in an `rlimit`, and the pointer is to one.
    let failed = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limits) } != 0;
    (!failed).then(|| (widened(limits.rlim_cur), widened(limits.rlim_max)))
}

#[cfg(not(unix))]
fn limits() -> Option<(u64, u64)> {
    None
}

/// Raises the limit; whether it did.
#[cfg(unix)]
fn raise(needed: u64) -> bool {
    let mut limits = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the call fills in an `rlimit`, and the pointer is to one.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limits) } != 0 {
        return false;
    }
    limits.rlim_cur = narrowed(needed);
    // SAFETY: the pointer is to an `rlimit`, only read.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limits) == 0 }
}

#[cfg(not(unix))]
fn raise(_needed: u64) -> bool {
    false
}

#[cfg(unix)]
#[allow(
    clippy::unnecessary_fallible_conversions,
    clippy::useless_conversion,
    reason = "the width and the sign of a limit differ between systems"
)]
fn widened(limit: libc::rlim_t) -> u64 {
    u64::try_from(limit).unwrap_or(u64::MAX)
}

#[cfg(unix)]
#[allow(
    clippy::unnecessary_fallible_conversions,
    clippy::useless_conversion,
    reason = "the width and the sign of a limit differ between systems"
)]
fn narrowed(limit: u64) -> libc::rlim_t {
    libc::rlim_t::try_from(limit).unwrap_or(libc::rlim_t::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_few_connections_always_have_room() {
        assert_eq!(make_room_for_descriptors(1), Ok(()));
    }

    #[test]
    fn a_shortage_names_the_command_that_ends_it() {
        let soft = shortage(2000, 2064, 1024, 4096);
        assert!(soft.contains("`ulimit -n 2064`") && soft.contains("may open 1024"), "{soft}");
        let hard = shortage(9000, 9064, 1024, 4096);
        assert!(hard.contains("prlimit --nofile=9064:9064") && hard.contains("4096"), "{hard}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_limit_is_raised_as_far_as_it_may() {
        let (limit, most) = limits().expect("Linux has one");
        if limit < most {
            assert_eq!(make_room_for_descriptors(limit + 1 - SPARE), Ok(()));
            assert_eq!(limits().map(|(limit, _)| limit), Some(limit + 1));
        }
        assert!(make_room_for_descriptors(most.saturating_sub(1)).is_err() || most > 1 << 40);
    }
}
