//! Options that benchmarks and groups share.

use syn::{Error, LitStr, Path};

use super::Given;
use super::entry::{Entry, Value};
use super::names::SETTINGS;
use super::setting::{Setting, check_counters, setting};
use crate::errors::Errors;

/// Why a benchmark is left out unless asked for.
pub(crate) enum Ignore {
    /// `ignore`
    Silently,
    /// `ignore = "why"`
    Because(LitStr),
}

/// Identity and settings.
#[derive(Default)]
pub(crate) struct Common {
    /// Where the runtime is, if not at `::bench_sdk`.
    pub(crate) root: Option<Path>,
    /// The name shown, if not the item's own.
    pub(crate) name: Option<Given<LitStr>>,
    /// Words to select by.
    pub(crate) tags: Vec<LitStr>,
    /// Set where it only runs when asked for.
    pub(crate) ignore: Option<Ignore>,
    /// Sampling and throughput.
    pub(crate) settings: Vec<Setting>,
}

impl Common {
    /// Takes an option that is one of these, or gives it back.
    pub(super) fn accept(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let option = entry.option.to_string();
        match option.as_str() {
            "name" => self.name = errors.take(name(entry)),
            "tags" => {
                let tags = errors.take(entry.texts("tags = [\"slow\", \"io\"]"));
                self.tags = tags.map_or_else(Vec::new, |given| given.value);
                self.check_tags(errors);
            }
            "ignore" => self.ignore = errors.take(ignore(entry)),
            "crate" => self.root = errors.take(root(entry)),
            name if SETTINGS.contains(&name) => self.settings.append(&mut setting(entry, errors)),
            _ => return Some(entry),
        }
        None
    }

    /// Judges what can only be judged when all options are in.
    pub(super) fn finish(&self, errors: &mut Errors) {
        check_counters(&self.settings, errors);
    }

    fn check_tags(&self, errors: &mut Errors) {
        for tag in self.tags.iter().filter(|tag| tag.value().trim().is_empty()) {
            errors.at(tag, "a tag cannot be empty");
        }
    }
}

fn name(entry: Entry) -> syn::Result<Given<LitStr>> {
    let given = entry.text("name = \"parse\"")?;
    if given.value.value().trim().is_empty() {
        return Err(Error::new_spanned(&given.value, "`name` cannot be empty"));
    }
    Ok(given)
}

fn ignore(entry: Entry) -> syn::Result<Ignore> {
    match entry.value {
        Value::Absent => Ok(Ignore::Silently),
        _ => entry.text("ignore = \"why\"").map(|given| Ignore::Because(given.value)),
    }
}

fn root(entry: Entry) -> syn::Result<Path> {
    if let Value::Path(path) = entry.value {
        Ok(path)
    } else {
        let message = "`crate` needs a path, such as `crate = my_crate::bench_sdk`";
        Err(Error::new(entry.option.span(), message))
    }
}
