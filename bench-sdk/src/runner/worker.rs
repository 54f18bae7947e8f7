//! Whether this process is a worker, and what it does then.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bencher::{Bencher, outside_runtimes};
use crate::launch::{
    CASE_VARIABLE, PAIR_VARIABLE, WORKER_VARIABLE, serve, serve_pair, serve_pair_reached,
    serve_reached,
};
use crate::record::Settings;
use crate::registry::Catalog;

static ENTRY_CALLED: AtomicBool = AtomicBool::new(false);

/// Lets this process serve as a worker if it was started as one; returns at once if not.
///
/// An application that embeds benches and wants them isolated calls this as the first line of its
/// `main`; see [`Runner::isolated`](crate::Runner::isolated). In a worker it never returns.
///
/// ```no_run
/// fn main() -> Result<(), bench_sdk::RunError> {
///     bench_sdk::worker_entry();
///     let record = bench_sdk::Runner::new().isolated().run()?;
///     println!("{} cases", record.cases.len());
///     Ok(())
/// }
/// ```
pub fn worker_entry() {
    ENTRY_CALLED.store(true, Ordering::Relaxed);
    if is_worker() {
        // The `main` around this may be an async one; what drives that must not drive benchmarks.
        let served = outside_runtimes(|| serve_either(&Catalog::collect(None)));
        exit_after(served.and_then(|served| served));
    }
}

/// Whether [`worker_entry`] was called in this process.
pub(crate) fn entry_called() -> bool {
    ENTRY_CALLED.load(Ordering::Relaxed)
}

/// Whether this process was started as a worker, by the process that is its parent: the variable
/// also reaches whatever a benchmark starts, which is none.
pub(crate) fn is_worker() -> bool {
    let named = std::env::var(WORKER_VARIABLE).ok().and_then(|pid| pid.parse::<u32>().ok());
    #[cfg(unix)]
    return named == Some(std::os::unix::process::parent_id());
    #[cfg(not(unix))]
    return named.is_some();
}

/// Serves the parent, then ends the process.
pub(crate) fn serve_and_exit(catalog: &Catalog) -> ! {
    exit_after(serve_either(catalog))
}

/// The id of the case that this process was started for, if it is a worker: for programs that come to
/// their cases by running.
pub fn awaited_case() -> Option<String> {
    if is_worker() { std::env::var(CASE_VARIABLE).ok() } else { None }
}

/// Measures the case that the program has come to, which is the awaited one, then ends the process.
pub fn serve_reached_and_exit(
    settings: &Settings,
    benchmark: &mut dyn FnMut(Bencher<'_>) -> Result<(), String>,
) -> ! {
    let compared = std::env::var_os(PAIR_VARIABLE).is_some();
    exit_after(if compared {
        serve_pair_reached(settings, benchmark)
    } else {
        serve_reached(benchmark)
    })
}

/// Serves the run, or the comparison, that started this process.
fn serve_either(catalog: &Catalog) -> io::Result<()> {
    let compared = std::env::var_os(PAIR_VARIABLE).is_some();
    if compared { serve_pair(catalog) } else { serve(catalog) }
}

fn exit_after(served: io::Result<()>) -> ! {
    match served {
        Ok(()) => std::process::exit(0),
        Err(error) => {
            eprintln!("worker: {error}");
            std::process::exit(1)
        }
    }
}
