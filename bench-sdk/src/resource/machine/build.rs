//! How the executable was built.

use super::super::executable::profile_folder;
use super::root::{Absences, word};
use crate::record::Build;

/// Flags as cargo separates them in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: char = '\x1f';

/// The features of that list that the compiler was allowed to use.
macro_rules! enabled {
    ($($name:tt)*) => { [$(($name, cfg!(target_feature = $name))),*] };
}

/// What is known of the build; `debug_assertions` are those of the bench binary, which need not be
/// those of this crate.
pub(super) fn build(debug_assertions: bool, absent: &mut Absences) -> Build {
    let rustflags = rustflags(option_env!("CARGO_ENCODED_RUSTFLAGS"), option_env!("RUSTFLAGS"));
    if rustflags.is_empty() {
        let reason = "RUSTFLAGS was not set; flags of cargo's configuration do not show";
        absent.any::<()>("build.rustflags", Err(reason.to_owned()));
    }
    let profile =
        profile_folder().ok_or_else(|| "the executable lies in no folder of cargo's".to_owned());
    Build {
        profile: absent.any("build.profile", profile),
        debug_assertions: Some(debug_assertions),
        panic: Some(if cfg!(panic = "abort") { "abort" } else { "unwind" }.to_owned()),
        target_features: target_features(),
        rustflags,
    }
}

fn target_features() -> Vec<String> {
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
    let features = enabled!(
        "sse2" "sse3" "ssse3" "sse4.1" "sse4.2" "popcnt" "lzcnt" "bmi1" "bmi2" "aes" "pclmulqdq"
        "sha" "f16c" "fma" "avx" "avx2" "avx512f" "avx512bw" "avx512cd" "avx512dq" "avx512vl"
        "avx512vbmi" "avx512vnni"
    );
    #[cfg(target_arch = "aarch64")]
    let features = enabled!("neon" "aes" "sha2" "sha3" "crc" "lse" "dotprod" "fp16" "sve" "sve2");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64")))]
    let features: [(&str, bool); 0] = [];
    features.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned()).collect()
}

/// The flags, without what tells where things lie on the machine that compiled.
fn rustflags(encoded: Option<&str>, plain: Option<&str>) -> Vec<String> {
    let flags: Vec<&str> = match encoded.filter(|flags| !flags.is_empty()) {
        Some(flags) => flags.split(SEPARATOR).collect(),
        None => plain.unwrap_or_default().split_whitespace().collect(),
    };
    flags.into_iter().filter_map(|flag| word(&without_paths(flag))).collect()
}

/// The flag with each path in it cut down to its last part.
fn without_paths(flag: &str) -> String {
    let delimiters = ['=', ',', ':', ';', '@', '"', '\''];
    flag.split_inclusive(delimiters).fold(String::new(), |mut kept, piece| {
        let end = piece.trim_end_matches(delimiters);
        kept.push_str(&last_part(end));
        kept.push_str(&piece[end.len()..]);
        kept
    })
}

/// `-Llib` of `-L/usr/lib`. The folder of a user has the user's name and becomes `~`.
fn last_part(piece: &str) -> String {
    let Some(first) = piece.find(['/', '\\']) else { return piece.to_owned() };
    let option = match piece.char_indices().nth(2) {
        Some((end, _)) if piece.starts_with('-') && end <= first => &piece[..end],
        _ => "",
    };
    let mut parts = piece.rsplit(['/', '\\']).filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or_default();
    let is_home = matches!(parts.next(), Some("home" | "Users"));
    format!("{option}{}", if is_home { "~" } else { last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_build_is_told() {
        let mut absent = Absences::on("linux");
        let build = build(true, &mut absent);
        assert_eq!(build.debug_assertions, Some(true));
        assert_eq!(build.panic.as_deref(), Some("unwind"));
        assert_eq!(build.profile.is_none(), absent.into_reasons().contains_key("build.profile"));
        if cfg!(target_arch = "x86_64") {
            assert!(build.target_features.contains(&"sse2".to_owned()));
        }
    }

    #[test]
    fn flags_lose_their_paths() {
        for (flag, kept) in [
            ("-Ctarget-cpu=native", "-Ctarget-cpu=native"),
            ("-Clinker=/opt/alice/bin/clang", "-Clinker=clang"),
            ("-L/home/alice/lib", "-Llib"),
            ("-Lnative=/home/alice/lib/", "-Lnative=lib"),
            ("--remap-path-prefix=/home/alice=/src", "--remap-path-prefix=~=src"),
            ("-Clink-arg=-Wl,-rpath,/home/alice/x:/opt/y", "-Clink-arg=-Wl,-rpath,x:y"),
            ("-Clinker=C:\\Users\\alice", "-Clinker=C:~"),
            ("../alice/x", "x"),
            ("/", ""),
            ("", ""),
        ] {
            assert_eq!(without_paths(flag), kept, "{flag}");
        }
    }

    #[test]
    fn encoded_flags_go_first_and_may_have_spaces() {
        let encoded = Some("-Cdebuginfo=2\x1f-L/my lib/a b");
        assert_eq!(rustflags(encoded, Some("-g")), ["-Cdebuginfo=2", "-La b"]);
        assert_eq!(rustflags(Some(""), Some("-g  -O")), ["-g", "-O"]);
        assert_eq!(rustflags(None, None), [""; 0]);
    }
}
