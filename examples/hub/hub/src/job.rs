//! Job files on disk.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bench_sdk::hub_bench;

/// A job file is read whole, so it must not be larger than this.
pub const LARGEST_JOB_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a job file.
#[hub_bench(setup = job_on_disk, teardown = remove, tags = ["disk"])]
pub fn read_job(path: &Path) -> Result<String, JobError> {
    let error = |kind| JobError { path: path.to_owned(), kind };
    let file = File::open(path).map_err(|io| error(JobErrorKind::Unreadable(io)))?;
    let mut job = Vec::new();
    // One byte more tells a file that is too large from one that just fits.
    file.take(LARGEST_JOB_BYTES + 1)
        .read_to_end(&mut job)
        .map_err(|io| error(JobErrorKind::Unreadable(io)))?;
    if job.len() as u64 > LARGEST_JOB_BYTES {
        return Err(error(JobErrorKind::TooLarge));
    }
    String::from_utf8(job).map_err(|_| error(JobErrorKind::NotText))
}

/// Writes a job of 64 lines. If that fails, reading it does, and the benchmark says why.
#[bench_sdk::bench_only]
fn job_on_disk() -> PathBuf {
    let path = std::env::temp_dir().join(format!("hub-job-{}.txt", std::process::id()));
    let _ = std::fs::write(&path, hub_tasks::sample::job_file(64));
    path
}

#[bench_sdk::bench_only]
fn remove(path: PathBuf) {
    let _ = std::fs::remove_file(path);
}

/// A job file that cannot be used.
#[derive(Debug)]
pub struct JobError {
    /// Where it is.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: JobErrorKind,
}

/// What is wrong with a job file.
#[derive(Debug)]
pub enum JobErrorKind {
    /// The system does not let it be read.
    Unreadable(io::Error),
    /// It is larger than [`LARGEST_JOB_BYTES`].
    TooLarge,
    /// It is not UTF-8.
    NotText,
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job file {}: ", self.path.display())?;
        match &self.kind {
            JobErrorKind::Unreadable(error) => error.fmt(f),
            JobErrorKind::TooLarge => write!(f, "more than {LARGEST_JOB_BYTES} bytes"),
            JobErrorKind::NotText => f.write_str("not UTF-8"),
        }
    }
}

impl std::error::Error for JobError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            JobErrorKind::Unreadable(error) => Some(error),
            JobErrorKind::TooLarge | JobErrorKind::NotText => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    /// What reading a file with this content gives.
    fn read(name: &str, content: &[u8]) -> Result<String, JobError> {
        let name = format!("hub-test-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).unwrap();
        let job = read_job(&path);
        std::fs::remove_file(&path).unwrap();
        job
    }

    #[test]
    fn a_file_reads_as_it_was_written() {
        assert_eq!(read("text", "1,grade,0,,Größe".as_bytes()).unwrap(), "1,grade,0,,Größe");
        assert_eq!(read("empty", b"").unwrap(), "");
    }

    #[test]
    fn unusable_files_are_told_apart() {
        let not_text = read("binary", &[0xff, 0xfe]).unwrap_err();
        assert!(matches!(not_text.kind, JobErrorKind::NotText));
        let large = read("large", &vec![b'#'; LARGEST_JOB_BYTES as usize + 1]).unwrap_err();
        assert!(matches!(large.kind, JobErrorKind::TooLarge));
        let missing = read_job(Path::new("no/such/job")).unwrap_err();
        assert!(missing.to_string().starts_with("job file no/such/job: "));
    }
}
