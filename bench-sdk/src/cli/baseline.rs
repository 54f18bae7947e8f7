//! `cargo hub-bench baseline`: what is kept to compare with.

use std::ffi::OsString;

use lexopt::Arg;

use super::baseline_text::{HELP, list, show};
use super::main::printed;
use super::options::unknown_option;
use crate::harness::{
    Exit, Surroundings, UsageError, baseline_name, refused, saved_text, shortened, tell_line,
    unknown_baseline,
};
use crate::plan::nearest;
use crate::record::{Mode, RunRecord, units};
use crate::store::{
    BaselineName, BaselineStore, Pooling, RunStore, Save, StoreError, with_figures,
};

/// What stands behind `baseline`.
const ACTIONS: [&str; 4] = ["list", "show", "save", "remove"];
/// Options that begin with two dashes.
const NAMES: [&str; 3] = ["from", "append", "allow-unoptimized"];

/// What is asked for.
#[derive(Debug, Default)]
struct Arguments {
    words: Vec<OsString>,
    /// `--from RUN`
    from: Option<String>,
    append: bool,
    allow_unoptimized: bool,
    help: bool,
}

/// Carries the verb out.
pub(super) fn run(raw: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = Arguments::parse(raw)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    let results_dir = Surroundings::read()?.results_dir;
    let store = BaselineStore::new(results_dir.clone());
    let action = arguments.words[0].to_string_lossy();
    if action == "list" {
        let baselines = store.names().map_err(|error| refused(&error))?;
        return Ok(printed(&list(&baselines)));
    }
    let name = baseline_name(&arguments.words[1])?;
    match action.as_ref() {
        "show" => shown(&store, &name),
        "remove" => remove(&store, &name),
        _ => save(&store, &RunStore::new(results_dir), &name, &arguments),
    }
}

impl Arguments {
    fn parse(raw: Vec<OsString>) -> Result<Self, UsageError> {
        let mut parser = lexopt::Parser::from_args(raw);
        let mut read = Self::default();
        while let Some(argument) = parser.next().map_err(|e| UsageError::new(e.to_string()))? {
            match argument {
                Arg::Value(word) => read.words.push(word),
                Arg::Long("from") => {
                    let run = parser.value().map_err(|e| UsageError::new(e.to_string()))?;
                    read.from = Some(run.to_string_lossy().into_owned());
                }
                Arg::Long("append") => read.append = true,
                Arg::Long("allow-unoptimized") => read.allow_unoptimized = true,
                Arg::Long("help") | Arg::Short('h') => read.help = true,
                Arg::Long(other) => {
                    return Err(unknown_option("baseline", &format!("--{other}"), NAMES));
                }
                Arg::Short(other) => {
                    return Err(unknown_option("baseline", &format!("-{other}"), NAMES));
                }
            }
        }
        read.check()?;
        Ok(read)
    }

    /// Refuses what is too little, too much, or means nothing.
    fn check(&self) -> Result<(), UsageError> {
        let see_help = |error: UsageError| error.help("see cargo hub-bench baseline --help");
        if self.help {
            return Ok(());
        }
        let Some(action) = self.words.first() else {
            return Err(see_help(UsageError::new(format!("say one of {}", ACTIONS.join(", ")))));
        };
        let action = action.to_string_lossy();
        if !ACTIONS.contains(&action.as_ref()) {
            let error = UsageError::new(format!("unknown action `{}`", shortened(&action)));
            return Err(match nearest(&action, ACTIONS) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("known: {}", ACTIONS.join(", "))),
            });
        }
        let wanted = if action == "list" { 1 } else { 2 };
        if self.words.len() != wanted {
            let what = if wanted == 1 { "no name" } else { "one name" };
            return Err(see_help(UsageError::new(format!("`baseline {action}` takes {what}"))));
        }
        let of_save = self.from.is_some() || self.append || self.allow_unoptimized;
        if of_save && action != "save" {
            return Err(see_help(UsageError::new(format!("`baseline {action}` has no options"))));
        }
        Ok(())
    }
}

fn shown(store: &BaselineStore, name: &BaselineName) -> Result<Exit, UsageError> {
    let known = store.names().map_err(|error| refused(&error))?;
    let Some(summary) = known.iter().find(|summary| summary.name == *name) else {
        return Err(unknown_baseline(name, &known));
    };
    let baselines = match store.load_all(name) {
        Ok(baselines) => baselines,
        Err(error) => return Ok(failed(&error)),
    };
    let mut exit = printed(&show(summary, &baselines));
    for baseline in &baselines {
        if let Err(error) = baseline.verify_executables() {
            exit = exit.and(failed(&error));
        }
    }
    Ok(exit)
}

fn remove(store: &BaselineStore, name: &BaselineName) -> Result<Exit, UsageError> {
    match store.remove(name) {
        Ok(Some(size_bytes)) => {
            let size = units::bytes(size_bytes as f64);
            Ok(printed(&format!("removed baseline {name}: {size}\n")))
        }
        Ok(None) => {
            let known = store.names().map_err(|error| refused(&error))?;
            Err(unknown_baseline(name, &known))
        }
        Err(error) => Ok(failed(&error)),
    }
}

fn save(
    store: &BaselineStore,
    runs: &RunStore,
    name: &BaselineName,
    arguments: &Arguments,
) -> Result<Exit, UsageError> {
    let record = match runs.load(arguments.from.as_deref()) {
        Ok(Some(record)) => record,
        Ok(None) => return Err(unknown_run(runs, arguments.from.as_deref())),
        Err(error) => return Ok(failed(&error)),
    };
    check_run(&record, arguments.allow_unoptimized)?;
    let partial = (record.cases.len() as u32) < record.run.registered;
    let (record, left_out) = with_figures(&record);
    if record.cases.is_empty() {
        let error = format!("run {} has no case with figures", shortened(&record.run.id));
        return Err(UsageError::new(error));
    }
    let pooling = Pooling { partial, append: arguments.append };
    match store.save(name, Save { record, executable: None, pooling }) {
        Ok(saved) => {
            let mut text = saved_text(name, &saved, left_out);
            if saved.executable_bytes == 0 {
                text.push_str(RECORDS_ONLY);
            }
            text.push('\n');
            Ok(printed(&text))
        }
        Err(error) => Ok(failed(&error)),
    }
}

/// What a baseline without an executable means.
const RECORDS_ONLY: &str = "\nwithout the executable it is compared unpaired, by records of different \
                            times; --save-baseline of a bench binary keeps the executable too";

/// Refuses runs that would mislead as a baseline.
fn check_run(record: &RunRecord, allow_unoptimized: bool) -> Result<(), UsageError> {
    let run = &record.run;
    let id = shortened(&run.id);
    let error = |what: &str| UsageError::new(format!("run {id} {what}"));
    if run.mode == Mode::Test {
        return Err(error("has no figures: it ran each case once").help("--from RUN takes another"));
    }
    if run.interrupted {
        return Err(error("was interrupted").help("--from RUN takes another"));
    }
    if !run.optimized && !allow_unoptimized {
        return Err(error("is of a build without optimisation")
            .help("cargo bench optimises; --allow-unoptimized saves it all the same"));
    }
    Ok(())
}

fn unknown_run(runs: &RunStore, id: Option<&str>) -> UsageError {
    let ids = runs.ids();
    let error = match id {
        Some(id) => UsageError::new(format!("there is no run `{}`", shortened(id))),
        None => UsageError::new("no run is kept here"),
    };
    match ids.last() {
        Some(last) => error.help(format!("the last of {} is {last}", ids.len())),
        None => error.help(format!("looked in {}; measure something first", runs.shown())),
    }
}

fn failed(error: &StoreError) -> Exit {
    tell_line!("{}", refused(error));
    Exit::NotKept
}
