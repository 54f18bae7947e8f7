//! The worker's side: waits for orders, measures, answers.

use std::fs::File;
use std::io;

use super::execute::{Instruments, Measurer};
use super::offset::with_stack_offset;
use super::protocol::{Answer, Hello, Order, Outcome, Ready, receive, send};
use crate::bencher::Bencher;
use crate::clock::TimerSpec;
use crate::registry::Catalog;
use crate::resource::{detach_stdin, die_with_parent};

/// Serves the parent that started this process until it closes the channel.
///
/// The channel arrives as standard input and is moved away before any benchmark runs, so that
/// nothing a benchmark reads or prints can reach it.
pub(crate) fn serve(catalog: &Catalog) -> io::Result<()> {
    serve_with(|timer| {
        let mut measurer = Measurer::new(catalog, timer);
        move |order: &Order| measurer.measure(order)
    })
}

/// [`serve`] for a program that has come to one case by running: it is the only one here, and the
/// order is for it.
pub(crate) fn serve_reached(
    benchmark: &mut dyn FnMut(Bencher<'_>) -> Result<(), String>,
) -> io::Result<()> {
    serve_with(|timer| {
        let instruments = Instruments::new(timer);
        move |order: &Order| instruments.contained(|| instruments.run(order, &mut *benchmark))
    })
}

fn serve_with<M: FnMut(&Order) -> Outcome>(prepare: impl FnOnce(TimerSpec) -> M) -> io::Result<()> {
    die_with_parent();
    let channel = File::from(detach_stdin()?);
    install_panic_hook();
    let Some(Hello { timer, stack_offset }) = receive(&channel)? else {
        return Err(io::Error::other("the parent did not say hello"));
    };
    let mut measure = prepare(timer);
    send(&channel, &Ready { process: std::process::id() })?;
    with_stack_offset(stack_offset, || {
        while let Some(order) = receive::<Order>(&channel)? {
            let outcome = measure(&order);
            send(&channel, &Answer { token: order.token, outcome })?;
        }
        Ok(())
    })
}

/// Prints where a panic happened, briefly; the parent shows it with the case.
pub(super) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        use std::io::Write;
        let place = panic.location().map_or(String::new(), |place| format!(" at {place}"));
        let text = crate::bencher::panic_text(panic.payload());
        // Standard error may be closed, and a hook must not panic.
        let _ = writeln!(io::stderr(), "panicked{place}: {text}");
    }));
}
