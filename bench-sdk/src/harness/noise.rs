//! What calibration knows of the machine that a run was measured on.

use super::usage::shortened;
use crate::record::{MachineNoise, Note, RunRecord, units};
use crate::store::RunStore;

/// The noise of the machine that the run comes from, where that was calibrated; and what is to be said
/// of it.
pub(crate) fn known_noise(
    store: &RunStore,
    run: &RunRecord,
) -> (Option<MachineNoise>, Option<Note>) {
    let noise = match store.noise() {
        Ok(None) => return (None, None),
        Ok(Some(noise)) => noise,
        Err(error) => {
            let text = format!(
                "how much times vary on this machine is not used: {}; measure it again with \
                 `cargo hub-bench doctor --calibrate`",
                shortened(&error.message())
            );
            return (None, Some(Note::warning("noise_unreadable", text)));
        }
    };
    match of_run(noise, run) {
        Ok(noise) => {
            let note = used(&noise);
            (Some(noise), Some(note))
        }
        Err(note) => (None, Some(note)),
    }
}

/// The noise, if it is that of the machine that the run comes from.
fn of_run(noise: MachineNoise, run: &RunRecord) -> Result<MachineNoise, Note> {
    if noise.cpu.is_some() && noise.cpu == run.environment.cpu {
        return Ok(noise);
    }
    let calibrated = noise.cpu.as_deref().map_or("an unknown processor".into(), shortened);
    Err(Note::remark(
        "noise_of_another_machine",
        format!("the calibration that is kept here is not used: it is of {calibrated}"),
    ))
}

fn used(noise: &MachineNoise) -> Note {
    Note::remark(
        "calibrated",
        format!(
            "calibrated at {}: times vary by {} from run to run on this machine",
            shortened(&noise.measured_at),
            units::percent(noise.s0)
        ),
    )
}
