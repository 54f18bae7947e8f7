//! The studies: each measures, and says what its figures mean.

mod alloc;
mod build;
mod coverage;
mod floor;
mod gate;
mod list;
mod load;
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
pub(crate) use gate::spin;
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
    Aa,
    Power,
    VerdictTime,
    Coverage,
    LoadSpeed,
    LoadArrivals,
    LoadCourse,
    LoadStall,
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
            Self::Aa => gate::Aa::NAME,
            Self::Power => gate::Power::NAME,
            Self::VerdictTime => gate::VerdictTime::NAME,
            Self::Coverage => gate::Covered::NAME,
            Self::LoadSpeed => load::Speed::NAME,
            Self::LoadArrivals => load::OnTime::NAME,
            Self::LoadCourse => load::Course::NAME,
            Self::LoadStall => load::Stalls::NAME,
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
            Self::Aa => chapter::<gate::Aa>(out),
            Self::Power => chapter::<gate::Power>(out),
            Self::VerdictTime => chapter::<gate::VerdictTime>(out),
            Self::Coverage => chapter::<gate::Covered>(out),
            Self::LoadSpeed => chapter::<load::Speed>(out),
            Self::LoadArrivals => chapter::<load::OnTime>(out),
            Self::LoadCourse => chapter::<load::Course>(out),
            Self::LoadStall => chapter::<load::Stalls>(out),
        }
    }
}

/// Everything a study needs to measure.
pub(crate) struct Conditions<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) effort: Effort,
    pub(crate) chance: Chance,
    recorder: Recorder<'a>,
}

/// What is kept beside the data of a study.
struct Recorder<'a> {
    arguments: &'a Arguments,
    commit: String,
    machine: &'a Machine,
    out: &'a Path,
    started: Instant,
    load_before: Option<f64>,
}

impl Conditions<'_> {
    /// Keeps what was found so far, so that a study that is cut short leaves that.
    pub(crate) fn keep<F: Findings>(&self, data: &F) -> Result<f64> {
        let about = &self.recorder;
        let recorded = Recorded {
            study: F::NAME.to_owned(),
            command: about.arguments.command.clone(),
            date: today(),
            commit: about.commit.clone(),
            seed: about.arguments.seed,
            effort: about.arguments.effort,
            seconds: about.started.elapsed().as_secs_f64(),
            load: [about.load_before, load_average()],
            machine: about.machine.clone(),
            data,
        };
        recorded.write(about.out)?;
        Ok(recorded.seconds)
    }

    /// What that study found before, where it is to be added to.
    pub(crate) fn earlier<F: Findings>(&self) -> Result<Option<F>> {
        if !self.recorder.arguments.more {
            return Ok(None);
        }
        let recorded = Recorded::<F>::read(self.recorder.out, F::NAME)?;
        Ok(recorded.map(|recorded| recorded.data))
    }

    /// What that study found before, if it did; otherwise it is carried out now.
    pub(crate) fn found_or_measured<F: Findings>(&mut self) -> Result<F> {
        if let Some(recorded) = Recorded::<F>::read(self.recorder.out, F::NAME)? {
            return Ok(recorded.data);
        }
        let data = F::measure(self)?;
        self.keep(&data)?;
        Ok(data)
    }
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
        Study::Aa => keep::<gate::Aa>(arguments, ground, machine, out),
        Study::Power => keep::<gate::Power>(arguments, ground, machine, out),
        Study::VerdictTime => keep::<gate::VerdictTime>(arguments, ground, machine, out),
        Study::Coverage => keep::<gate::Covered>(arguments, ground, machine, out),
        Study::LoadSpeed => keep::<load::Speed>(arguments, ground, machine, out),
        Study::LoadArrivals => keep::<load::OnTime>(arguments, ground, machine, out),
        Study::LoadCourse => keep::<load::Course>(arguments, ground, machine, out),
        Study::LoadStall => keep::<load::Stalls>(arguments, ground, machine, out),
    }
}

fn keep<F: Findings>(
    arguments: &Arguments,
    ground: &Ground,
    machine: &Machine,
    out: &Path,
) -> Result<()> {
    let recorder = Recorder {
        arguments,
        commit: ground.commit(),
        machine,
        out,
        started: Instant::now(),
        load_before: load_average(),
    };
    let chance = Chance::new(arguments.seed);
    let mut conditions = Conditions { ground, effort: arguments.effort, chance, recorder };
    let data = F::measure(&mut conditions)?;
    let seconds = conditions.keep(&data)?;
    eprintln!("[{}] done in {seconds:.0} s", F::NAME);
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
