//! Whether two records can be held against each other at all.

use crate::record::{Build, Environment};

/// What differs between two environments so that times of one say nothing about the other: processor
/// model, system, kernel, compiler, profile and flags. What is not known on a side is no difference.
pub(crate) fn differences(baseline: &Environment, candidate: &Environment) -> Vec<String> {
    let mut found = Vec::new();
    let mut told = |what: &str, from: Option<&str>, to: Option<&str>| {
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            found.push(format!("{what} differs: {from} → {to}"));
        }
    };
    let known = |text: &'_ str| !text.is_empty();
    told("the processor", baseline.cpu.as_deref(), candidate.cpu.as_deref());
    told(
        "the platform",
        Some(baseline.platform.as_str()).filter(|text| known(text)),
        Some(candidate.platform.as_str()).filter(|text| known(text)),
    );
    told("the kernel", baseline.kernel.as_deref(), candidate.kernel.as_deref());
    told("the compiler", baseline.rustc.as_deref(), candidate.rustc.as_deref());
    let (from, to) = (&baseline.build, &candidate.build);
    told("the profile", from.profile.as_deref(), to.profile.as_deref());
    told("what panics do", from.panic.as_deref(), to.panic.as_deref());
    let on_off = |on: Option<bool>| on.map(|on| if on { "on" } else { "off" });
    told(
        "the state of debug assertions",
        on_off(from.debug_assertions),
        on_off(to.debug_assertions),
    );
    // A build of which nothing is known has no flags on record either.
    let nothing = Build::default();
    if *from != nothing && *to != nothing {
        lists("flags of the compiler", &from.rustflags, &to.rustflags, &mut found);
        lists("instruction sets", &from.target_features, &to.target_features, &mut found);
    }
    found
}

/// Names what only one of the lists has; of two that have the same in another order, both.
fn lists(what: &str, from: &[String], to: &[String], found: &mut Vec<String>) {
    if from == to {
        return;
    }
    let only = |of: &[String], other: &[String]| {
        let alone: Vec<&str> =
            of.iter().filter(|word| !other.contains(word)).map(String::as_str).collect();
        alone.join(" ")
    };
    let (mut gone, mut new) = (only(from, to), only(to, from));
    if gone.is_empty() && new.is_empty() {
        (gone, new) = (from.join(" "), to.join(" "));
    }
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    found.push(format!("{what} differ: {} → {}", or_none(gone), or_none(new)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        Environment {
            cpu: Some("AMD EPYC".to_owned()),
            kernel: Some("6.1.0".to_owned()),
            platform: "linux x86_64".to_owned(),
            rustc: Some("rustc 1.95.0".to_owned()),
            build: Build {
                profile: Some("release".to_owned()),
                debug_assertions: Some(false),
                rustflags: vec!["-Ctarget-cpu=native".to_owned()],
                ..Build::default()
            },
            ..Environment::default()
        }
    }

    #[test]
    fn what_moves_times_is_named() {
        let (from, mut to) = (environment(), environment());
        assert_eq!(differences(&from, &to), [""; 0]);
        to.cpu = Some("Intel Xeon".to_owned());
        to.kernel = Some("6.2.0".to_owned());
        to.rustc = Some("rustc 1.96.0".to_owned());
        to.build.profile = Some("debug".to_owned());
        to.build.debug_assertions = Some(true);
        to.build.rustflags.clear();
        assert_eq!(
            differences(&from, &to),
            [
                "the processor differs: AMD EPYC → Intel Xeon",
                "the kernel differs: 6.1.0 → 6.2.0",
                "the compiler differs: rustc 1.95.0 → rustc 1.96.0",
                "the profile differs: release → debug",
                "the state of debug assertions differs: off → on",
                "flags of the compiler differ: -Ctarget-cpu=native → none",
            ]
        );
    }

    #[test]
    fn what_does_not_move_them_or_is_not_known_is_let_be() {
        let (from, mut to) = (environment(), environment());
        to.git_commit = Some("4b1c2d9".to_owned());
        to.load_average = Some(3.0);
        to.cpu = None;
        to.build = Build::default();
        assert_eq!(differences(&from, &to), [""; 0]);
        assert_eq!(differences(&Environment::default(), &from), [""; 0]);
    }
}
