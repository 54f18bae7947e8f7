//! Energy of the processor packages, from the kernel's RAPL files.
//!
//! The counters step about once a millisecond and hold everything that runs on a package, other
//! processes and the idle state included.

use std::io;
use std::path::{Path, PathBuf};

use super::open::absent;
use super::proc_file::{BUFFER, ProcFile};
use super::{Opened, Probe};
use crate::resource::meter::Scope;
use crate::resource::tally::{Quantity, Tally};

const ROOT: &str = "/sys/class/powercap";
const QUANTITIES: [Quantity; 1] = [Quantity::Joules];
const JOULES_PER_MICROJOULE: f64 = 1e-6;

/// One package of the processor.
struct Package {
    counter: ProcFile,
    /// Where the counter begins anew.
    range_uj: u64,
    last_uj: u64,
    total_uj: u64,
}

struct Energy(Vec<Package>);

pub(super) fn open(scope: Scope) -> Opened {
    if scope == Scope::Thread {
        let reason = "energy is counted for all that runs on a processor together";
        return Err(absent(&QUANTITIES, reason));
    }
    open_below(Path::new(ROOT))
}

fn open_below(root: &Path) -> Opened {
    let refuse = |reason: String| absent(&QUANTITIES, reason);
    let folders = packages(root);
    if folders.is_empty() {
        return Err(refuse(format!(
            "no RAPL files in {}: the processor has none, or a virtual machine hides them",
            root.display()
        )));
    }
    let opened: Result<Vec<Package>, String> =
        folders.iter().map(|folder| Package::open(folder)).collect();
    Ok(Box::new(Energy(opened.map_err(refuse)?)))
}

/// Folders of whole packages: `intel-rapl:0`, on processors of AMD as well. Parts of a package
/// stand below it in the numbering, as `intel-rapl:0:1`, and the same package may be there once
/// more through its memory-mapped registers.
fn packages(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let is_package = |folder: &PathBuf| {
        let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let domain = std::fs::read_to_string(folder.join("name")).unwrap_or_default();
        name.matches(':').count() == 1 && !name.contains("mmio") && domain.starts_with("package")
    };
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(is_package).collect();
    folders.sort();
    folders
}

impl Package {
    fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join("energy_uj");
        let named = |error: io::Error| why_unreadable(&path, &error);
        let mut counter = ProcFile::open(&path.to_string_lossy()).map_err(named)?;
        let last_uj = number(&mut counter).map_err(named)?;
        let range = folder.join("max_energy_range_uj");
        let range_uj = std::fs::read_to_string(&range)
            .and_then(|text| text.trim().parse().map_err(io::Error::other))
            .map_err(|error| format!("{}: {error}", range.display()))?;
        Ok(Self { counter, range_uj, last_uj, total_uj: 0 })
    }

    /// Energy since it was opened.
    fn total_uj(&mut self) -> Result<u64, String> {
        let now_uj = number(&mut self.counter).map_err(|error| error.to_string())?;
        let before_uj = std::mem::replace(&mut self.last_uj, now_uj);
        // It begins anew every few minutes to hours; never twice within a region.
        let start_uj = if now_uj < before_uj { self.range_uj } else { 0 };
        self.total_uj += (now_uj + start_uj).saturating_sub(before_uj);
        Ok(self.total_uj)
    }
}

fn why_unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "{path}: permission denied (EACCES); `chmod a+r {path}`, as root, lets everybody read \
             it until the next start"
        ),
        _ => format!("{path}: {error}"),
    }
}

fn number(file: &mut ProcFile) -> io::Result<u64> {
    file.read(&mut { BUFFER })?.trim().parse().map_err(io::Error::other)
}

impl Probe for Energy {
    fn quantities(&self) -> &'static [Quantity] {
        &QUANTITIES
    }

    fn read(&mut self, into: &mut Tally) -> Result<(), String> {
        let mut sum_uj = 0;
        for package in &mut self.0 {
            sum_uj += package.total_uj()?;
        }
        into.set(Quantity::Joules, sum_uj as f64 * JOULES_PER_MICROJOULE);
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    /// A folder like the kernel's, removed with it.
    struct Tree(PathBuf);

    impl Tree {
        fn new(name: &str) -> Self {
            let folder = format!("hub-bench-rapl-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(folder))
        }

        fn put(&self, domain: &str, file: &str, text: &str) -> &Self {
            let folder = self.0.join(domain);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(file), text).unwrap();
            self
        }

        fn domain(&self, folder: &str, name: &str, energy: &str) -> &Self {
            self.put(folder, "name", &format!("{name}\n"))
                .put(folder, "max_energy_range_uj", "1000000\n")
                .put(folder, "energy_uj", energy)
        }

        fn reason(&self) -> String {
            open_below(&self.0).err().map(|absent| absent.reason).unwrap_or_default()
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            // A leftover does no harm.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn joules(probe: &mut Box<dyn Probe>) -> f64 {
        let mut tally = Tally::default();
        probe.read(&mut tally).unwrap();
        tally.get(Quantity::Joules).unwrap()
    }

    #[test]
    fn packages_are_summed_and_wrap_around() {
        let tree = Tree::new("sum");
        tree.domain("intel-rapl:0", "package-0", "100\n")
            .domain("intel-rapl:0:0", "core", "7\n")
            .domain("intel-rapl:1", "package-1", "999000\n")
            .domain("intel-rapl:2", "psys", "5\n")
            .domain("intel-rapl-mmio:0", "package-0", "100\n");
        let mut probe = open_below(&tree.0).ok().unwrap();
        let before = joules(&mut probe);
        tree.put("intel-rapl:0", "energy_uj", "400\n")
            .put("intel-rapl:0:0", "energy_uj", "9999\n")
            .put("intel-rapl:1", "energy_uj", "2000\n")
            .put("intel-rapl:2", "energy_uj", "9999\n")
            .put("intel-rapl-mmio:0", "energy_uj", "400\n");
        let used = joules(&mut probe) - before;
        assert!((used - 3_300e-6).abs() < 1e-12, "{used}");
    }

    #[test]
    fn why_there_is_none_is_told() {
        let tree = Tree::new("none");
        assert!(tree.reason().starts_with("no RAPL files in "), "{}", tree.reason());
        tree.domain("intel-rapl:0", "package-0", "many\n");
        assert!(tree.reason().contains("energy_uj: invalid digit"), "{}", tree.reason());
        assert!(open(Scope::Thread).is_err_and(|absent| absent.reason.contains("together")));
    }

    #[test]
    fn what_only_root_may_read_says_so() {
        let told = |kind: io::ErrorKind| why_unreadable(Path::new("/r/energy_uj"), &kind.into());
        let denied = told(io::ErrorKind::PermissionDenied);
        assert!(denied.contains("EACCES") && denied.contains("`chmod a+r /r/energy_uj`, as root"));
        assert!(!told(io::ErrorKind::NotFound).contains("root"));
    }
}
