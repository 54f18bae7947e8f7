//! What a run tells while it goes on, for who follows it from outside.

use crate::record::ProgressLine;
use crate::report::{Fanout, from_fn};
use crate::store::RunStore;

/// Has the run write down what happens in it, in the results folder. To be called with the measuring
/// lock held: the file is that of the one run that goes on.
///
/// Nothing depends on the file, so that a run does not fail where it cannot be written; what is kept
/// of the run tells if the folder is no place to write to.
pub(crate) fn write_progress(store: &RunStore, reporters: &mut Fanout) {
    let mut log = store.progress_log().ok();
    reporters.add(
        "progress",
        Box::new(from_fn(move |event| {
            if let Some(line) = ProgressLine::of(event)
                && log.as_mut().is_some_and(|log| log.push(&line).is_err())
            {
                // Half a line, and others behind it, would be worse than none.
                log = None;
            }
        })),
    );
}
