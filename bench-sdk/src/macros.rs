//! Macros by example: what the runtime's own feature decides.

/// The `main` of a bench binary.
///
/// `link = [a, b]` names the crates whose benches belong to it, and links them: a crate that a
/// binary never mentions is left out by the linker, benches and all. `link = all`, or nothing,
/// takes everything that happens to be linked.
///
/// ```no_run
/// # mod agents {}
/// bench_sdk::main!(link = all);
/// ```
#[cfg(feature = "bench")]
#[macro_export]
macro_rules! main {
    () => {
        $crate::main!(link = all);
    };
    (link = all $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::main($crate::__main_target!(::core::option::Option::None))
        }
    };
    (link = [$($name:ident),* $(,)?] $(,)?) => {
        $(use $name as _;)*
        fn main() -> ::std::process::ExitCode {
            $crate::__private::main($crate::__main_target!(::core::option::Option::Some(
                &[$(::core::stringify!($name),)* ::core::env!("CARGO_CRATE_NAME")]
            )))
        }
    };
}

/// What the executable knows of itself.
#[cfg(feature = "bench")]
#[doc(hidden)]
#[macro_export]
macro_rules! __main_target {
    ($link:expr) => {
        $crate::__private::Target {
            package: ::core::env!("CARGO_PKG_NAME"),
            target: ::core::env!("CARGO_CRATE_NAME"),
            link: $link,
            optimized: !::core::cfg!(debug_assertions),
        }
    };
}

/// The `main` of a bench binary, with the feature `bench` off: says so.
#[cfg(not(feature = "bench"))]
#[macro_export]
macro_rules! main {
    ($($options:tt)*) => {
        fn main() {
            ::std::eprintln!("benches are off; build with --features bench");
        }
    };
}

/// Lets generated items through: this crate's feature decides, whatever those of the macro crate
/// and of the annotated crate are.
#[cfg(feature = "bench")]
#[doc(hidden)]
#[macro_export]
macro_rules! __emit {
    ($($item:tt)*) => { $($item)* };
}

/// Drops generated items.
#[cfg(not(feature = "bench"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __emit {
    ($($item:tt)*) => {};
}
