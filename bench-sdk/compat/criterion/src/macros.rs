//! The macros that make a bench executable.

/// Makes a function that runs benches one after the other, each with the same configuration.
///
/// ```
/// use criterion::{Criterion, criterion_group};
///
/// fn addition(c: &mut Criterion) {
///     c.bench_function("addition", |b| b.iter(|| std::hint::black_box(1) + 1));
/// }
///
/// criterion_group!(short, addition);
/// criterion_group! {
///     name = long;
///     config = Criterion::default().sample_size(50);
///     targets = addition
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! criterion_group {
    (name = $name:ident; config = $config:expr; targets = $($target:path),+ $(,)*) => {
        /// Runs the benches of this group.
        pub fn $name() {
            let mut criterion: $crate::Criterion<_> = $config.configure_from_args().__in_group();
            $($target(&mut criterion);)+
        }
    };
    ($name:ident, $($target:path),+ $(,)*) => {
        $crate::criterion_group! {
            name = $name;
            config = $crate::Criterion::default();
            targets = $($target),+
        }
    };
}

/// Makes the `main` of a bench executable from groups.
///
/// ```no_run
/// use criterion::{Criterion, criterion_group, criterion_main};
///
/// fn addition(c: &mut Criterion) {
///     c.bench_function("addition", |b| b.iter(|| std::hint::black_box(1) + 1));
/// }
///
/// criterion_group!(benches, addition);
/// criterion_main!(benches);
/// ```
#[macro_export]
macro_rules! criterion_main {
    ($($group:path),+ $(,)*) => {
        fn main() {
            $($group();)+
            $crate::__private::finish(
                ::core::env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_CRATE_NAME"),
            );
        }
    };
}
