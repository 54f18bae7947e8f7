//! The studies: each measures, and says what its figures mean.

mod alloc;
mod build;
mod coverage;
mod floor;
mod list;
mod page;
mod probes;
mod spread;
mod suite;
mod tools;

use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::arguments::Arguments;
use crate::chance::Chance;
use crate::effort::Effort;
use crate::failure::{Context, Result};
use crate::ground::Ground;
use crate::machine::{Machine, load_average};
use crate::record::{Recorded, today};
use crate::report::{Chapter, Claim};

pub(crate) use build::Variant;
pub(crate) use page::Page;

/// One of the studies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Study {
    Build,
    List,
    Suite,
    Spread,
    Floor,
    Probes,
    Alloc,
}

impl Study {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Build => build::Data::NAME,
            Self::List => list::Data::NAME,
            Self::Suite => suite::Data::NAME,
            Self::Spread => spread::Data::NAME,
            Self::Floor => floor::Data::NAME,
            Self::Probes => probes::Data::NAME,
            Self::Alloc => alloc::Data::NAME,
        }
    }

    pub(crate) fn from_name(name: &str) -> Result<Self> {
        let all = || Page::ALL.iter().flat_map(|page| page.studies()).copied();
        all().find(|study| study.name() == name).context(|| {
            let known: Vec<&str> = all().map(Self::name).collect();
            format!("no study is called `{name}`; there are {}", known.join(", "))
        })
    }

    /// What is reported of it, if it was carried out.
    fn chapter(self, out: &Path) -> Result<Option<Chapter>> {
        match self {
            Self::Build => chapter::<build::Data>(out),
            Self::List => chapter::<list::Data>(out),
            Self::Suite => chapter::<suite::Data>(out),
            Self::Spread => chapter::<spread::Data>(out),
            Self::Floor => chapter::<floor::Data>(out),
            Self::Probes => chapter::<probes::Data>(out),
            Self::Alloc => chapter::<alloc::Data>(out),
        }
    }
}

/// Everything a study needs to measure.
pub(crate) struct Conditions<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) effort: Effort,
    pub(crate) chance: Chance,
}

/// Raw data of one study.
pub(crate) trait Findings: Serialize + DeserializeOwned {
    /// Name of the study.
    const NAME: &'static str;
    /// Its heading.
    const TITLE: &'static str;

    /// Carries the study out.
    fn measure(conditions: &mut Conditions<'_>) -> Result<Self>;

    /// Targets, and what was found.
    fn claims(&self) -> Vec<Claim>;

    /// How it was done and the figures in detail, as Markdown.
    fn text(&self) -> String;
}

/// Carries out a study and keeps its raw data.
pub(crate) fn carry_out(
    study: Study,
    arguments: &Arguments,
    ground: &Ground,
    machine: &Machine,
    out: &Path,
) -> Result<()> {
    match study {
        Study::Build => keep::<build::Data>(arguments, ground, machine, out),
        Study::List => keep::<list::Data>(arguments, ground, machine, out),
        Study::Suite => keep::<suite::Data>(arguments, ground, machine, out),
        Study::Spread => keep::<spread::Data>(arguments, ground, machine, out),
        Study::Floor => keep::<floor::Data>(arguments, ground, machine, out),
        Study::Probes => keep::<probes::Data>(arguments, ground, machine, out),
        Study::Alloc => keep::<alloc::Data>(arguments, ground, machine, out),
    }
}

fn keep<F: Findings>(
    arguments: &Arguments,
    ground: &Ground,
    machine: &Machine,
    out: &Path,
) -> Result<()> {
    let before = load_average();
    let started = Instant::now();
    let chance = Chance::new(arguments.seed);
    let mut conditions = Conditions { ground, effort: arguments.effort, chance };
    let data = F::measure(&mut conditions)?;
    let recorded = Recorded {
        study: F::NAME.to_owned(),
        command: arguments.command.clone(),
        date: today(),
        commit: ground.commit(),
        seed: arguments.seed,
        effort: arguments.effort,
        seconds: started.elapsed().as_secs_f64(),
        load: [before, load_average()],
        machine: machine.clone(),
        data,
    };
    recorded.write(out)?;
    eprintln!("[{}] done in {:.0} s", F::NAME, recorded.seconds);
    Ok(())
}

/// The chapters of those studies of the page that were carried out.
pub(crate) fn chapters(page: Page, out: &Path) -> Result<Vec<Chapter>> {
    page.studies().iter().filter_map(|study| study.chapter(out).transpose()).collect()
}

fn chapter<F: Findings>(out: &Path) -> Result<Option<Chapter>> {
    let recorded = Recorded::<F>::read(out, F::NAME)?;
    Ok(recorded.map(|recorded| Chapter {
        title: F::TITLE,
        claims: recorded.data.claims(),
        text: recorded.data.text(),
        about: Recorded {
            study: recorded.study,
            command: recorded.command,
            date: recorded.date,
            commit: recorded.commit,
            seed: recorded.seed,
            effort: recorded.effort,
            seconds: recorded.seconds,
            load: recorded.load,
            machine: recorded.machine,
            data: (),
        },
    }))
}
