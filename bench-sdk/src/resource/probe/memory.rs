//! Resident memory of this process.

#[cfg(target_os = "linux")]
use super::proc_file::{BUFFER, ProcFile, number};
#[cfg(not(target_os = "linux"))]
use super::usage::Usage;
#[cfg(not(target_os = "linux"))]
use crate::resource::meter::Scope;

/// The highest resident memory since some moment.
pub(crate) struct PeakMemory {
    start_bytes: f64,
}

impl PeakMemory {
    /// Starts from what is resident now; the error says why that cannot be.
    #[cfg(target_os = "linux")]
    pub(crate) fn start() -> Result<Self, String> {
        forget_peak()?;
        Ok(Self { start_bytes: status("VmRSS")? })
    }

    /// Starts from what is resident now; the error says why that cannot be.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn start() -> Result<Self, String> {
        let usage = Usage::read(Scope::Process).ok_or("this system does not count it")?;
        Ok(Self { start_bytes: usage.peak_rss })
    }

    /// The peak since then, and what was resident at the start, in bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn read(&self) -> Result<(f64, f64), String> {
        Ok((status("VmHWM")?, self.start_bytes))
    }

    /// The peak since the process began, and the same at the start: other systems cannot forget.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn read(&self) -> Result<(f64, f64), String> {
        let usage = Usage::read(Scope::Process).ok_or("this system does not count it")?;
        Ok((usage.peak_rss, self.start_bytes))
    }
}

/// Has the kernel set the peak to what is resident now: proc(5), `clear_refs`.
#[cfg(target_os = "linux")]
fn forget_peak() -> Result<(), String> {
    use std::io::Write;
    const PATH: &str = "/proc/self/clear_refs";
    let file = std::fs::File::options().write(true).open(PATH);
    file.and_then(|mut file| file.write_all(b"5")).map_err(|error| format!("{PATH}: {error}"))
}

/// A line of `/proc/self/status`, in bytes.
#[cfg(target_os = "linux")]
fn status(name: &str) -> Result<f64, String> {
    let mut file = ProcFile::open("/proc/self/status").map_err(|error| error.to_string())?;
    let mut buffer = BUFFER;
    let text = file.read(&mut buffer).map_err(|error| error.to_string())?;
    let kib = number(text, name).ok_or_else(|| format!("no {name} in /proc/self/status"))?;
    Ok(kib as f64 * 1024.0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_that_since_the_start() {
        const SIZE: usize = 64 << 20;
        drop(std::hint::black_box(vec![1_u8; 4 * SIZE]));
        let Ok(peak) = PeakMemory::start() else { return };
        drop(std::hint::black_box(vec![1_u8; SIZE]));
        let (high, start) = peak.read().unwrap_or_default();
        let growth = high - start;
        let size = SIZE as f64;
        assert!((0.9 * size..2.0 * size).contains(&growth), "{growth}");
    }
}
