//! Bytes and calls of files.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use e2e_tests::target_dir;

use super::{BRIEFLY, expect, expect_in, measure};

const SIZE: f64 = 65_536.0;
const EXT: libc::c_long = 0xEF53;
const IN_MEMORY: [libc::c_long; 2] = [0x0102_1994, 0x8584_58F6];

/// What kind of file system the folder is on, as the kernel numbers them.
fn file_system(folder: &Path) -> Option<libc::c_long> {
    let path = CString::new(folder.as_os_str().as_bytes()).ok()?;
    let mut found = std::mem::MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the path ends in a zero byte, and the other pointer is to memory of the right type.
    let failed = unsafe { libc::statfs(path.as_ptr(), found.as_mut_ptr()) } != 0;
    // SAFETY: all zeroes is a valid `statfs`.
    (!failed).then(|| unsafe { found.assume_init() }.f_type)
}

#[test]
fn bytes_and_calls_of_files_are_those_that_were_made() {
    let record = measure("resources::disk::", &BRIEFLY);
    let counts = ["io_read", "io_written", "read_calls", "write_calls"];
    for (case, expected) in [
        ("writes_and_syncs", [0.0, SIZE, 0.0, 1.0]),
        ("writes_often", [0.0, 100_000.0, 0.0, 100.0]),
        ("reads_from_memory", [SIZE, 0.0, 16.0, 0.0]),
        ("reads_from_disk", [SIZE, 0.0, 1.0, 0.0]),
        ("maps_from_disk", [0.0, 0.0, 0.0, 0.0]),
    ] {
        let expected: Vec<_> = counts.into_iter().zip(expected).collect();
        expect(&record, &format!("disk::{case}"), &expected);
    }
    expect(&record, "disk::writes_often", &[("disk_written", 0.0)]);
    expect(&record, "disk::reads_from_memory", &[("disk_read", 0.0), ("disk_written", 0.0)]);
    let kind = file_system(&target_dir());
    if kind.is_some_and(|kind| IN_MEMORY.contains(&kind)) {
        eprintln!("not judged: {} is in memory, so no disk is used", target_dir().display());
        return;
    }
    if kind == Some(EXT) {
        // It dirties nothing else before it answers: its journal is written by a thread of its own.
        expect(&record, "disk::writes_and_syncs", &[("disk_written", SIZE), ("disk_read", 0.0)]);
        expect(&record, "disk::reads_from_disk", &[("disk_read", SIZE), ("disk_written", 0.0)]);
        expect(&record, "disk::maps_from_disk", &[("disk_read", SIZE), ("faults_major", 16.0)]);
    } else {
        expect_in(&record, "disk::writes_and_syncs", "disk_written", SIZE..);
        expect_in(&record, "disk::reads_from_disk", "disk_read", 1.0..);
        expect_in(&record, "disk::maps_from_disk", "faults_major", 1.0..=16.0);
    }
}
