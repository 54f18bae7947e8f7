//! What building costs, from nothing, on one core.

use serde::{Deserialize, Serialize};

use super::{Conditions, Findings};
use crate::failure::{Context, Result};
use crate::figures::{median, range};
use crate::fixture::cold_package;
use crate::ground::{Package, remove_folder};
use crate::process::run;
use crate::progress::Progress;
use crate::report::{Claim, Table};

/// A crate to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Variant {
    /// An attribute that passes through, alone.
    Bare,
    /// The SDK without features.
    Off,
    /// The SDK with its feature `bench`.
    On,
    /// divan.
    Divan,
}

impl Variant {
    const ALL: [Self; 4] = [Self::Bare, Self::Off, Self::On, Self::Divan];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Off => "off",
            Self::On => "on",
            Self::Divan => "divan",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Bare => "bare pass-through macro crate",
            Self::Off => "bench-sdk, no feature",
            Self::On => "bench-sdk, feature `bench`",
            Self::Divan => "divan",
        }
    }

    /// Builds of half a second are repeated more often than those of half a minute.
    fn builds_a_round(self) -> usize {
        match self {
            Self::Bare | Self::Off => 5,
            Self::On | Self::Divan => 1,
        }
    }

    /// What is compiled and linked: applications have a binary, the others a bench target.
    fn selection(self) -> &'static [&'static str] {
        match self {
            Self::Bare | Self::Off => &["--lib", "--bins"],
            Self::On | Self::Divan => &["--bench", "one"],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Profile {
    Debug,
    Release,
}

impl Profile {
    const ALL: [Self; 2] = [Self::Debug, Self::Release];

    fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// Build times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    divan_version: String,
    crates: Vec<(Variant, usize)>,
    builds: Vec<Build>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Build {
    variant: Variant,
    profile: Profile,
    /// One for each repetition.
    seconds: Vec<f64>,
}

impl Findings for Data {
    const NAME: &'static str = "build";
    const TITLE: &'static str = "Cold builds";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(3, 1);
        let combinations: Vec<(Variant, Profile)> = Variant::ALL
            .into_iter()
            .flat_map(|variant| Profile::ALL.map(|profile| (variant, profile)))
            .collect();
        let round: Vec<(Variant, Profile)> = combinations
            .iter()
            .flat_map(|&(variant, profile)| vec![(variant, profile); variant.builds_a_round()])
            .collect();
        let mut progress = Progress::new(Self::NAME, repetitions * round.len());
        let mut packages = Vec::new();
        for variant in Variant::ALL {
            packages.push((variant, cold_package(conditions.ground, variant)?));
        }
        let package = |variant| packages.iter().find(|(of, _)| *of == variant).map(|(_, p)| p);
        let mut builds: Vec<Build> = combinations
            .iter()
            .map(|&(variant, profile)| Build { variant, profile, seconds: Vec::new() })
            .collect();
        for _ in 0..repetitions {
            for (variant, profile) in conditions.chance.shuffled(&round) {
                let package = package(variant).context(|| "no such package".to_owned())?;
                let seconds = build_from_nothing(package, variant, profile)?;
                progress.step(&format!("{} {} {seconds:.2} s", variant.name(), profile.name()));
                let build =
                    builds.iter_mut().find(|b| (b.variant, b.profile) == (variant, profile));
                build.context(|| "no such build".to_owned())?.seconds.push(seconds);
            }
        }
        let crates = packages.iter().map(|(variant, package)| Ok((*variant, crates_of(package)?)));
        let crates = crates.collect::<Result<_>>()?;
        let divan = package(Variant::Divan).context(|| "no such package".to_owned())?;
        Ok(Self { divan_version: divan.version_of("divan")?, crates, builds })
    }

    fn claims(&self) -> Vec<Claim> {
        let targets = [
            (Variant::Off, Variant::Bare, Profile::Debug, 1.3),
            (Variant::Off, Variant::Bare, Profile::Release, 1.3),
            (Variant::On, Variant::Divan, Profile::Debug, 1.3),
            (Variant::On, Variant::Divan, Profile::Release, 1.0),
        ];
        let claim = |(ours, theirs, profile, target): (Variant, Variant, Profile, f64)| {
            let what =
                format!("cold {} build, {} / {}", profile.name(), ours.words(), theirs.words());
            Claim::at_most(what, target, self.ratio(ours, theirs, profile), " x")
                .spread(self.ratios(ours, theirs, profile))
        };
        targets.into_iter().map(claim).collect()
    }

    fn text(&self) -> String {
        let mut table = Table::new(&["crate", "crates", "profile", "median", "lowest to highest"]);
        for build in &self.builds {
            let count = self.crates.iter().find(|(variant, _)| *variant == build.variant);
            let (low, high) = range(&build.seconds).unwrap_or_default();
            table.row(vec![
                build.variant.words().to_owned(),
                count.map_or_else(String::new, |(_, count)| count.to_string()),
                build.profile.name().to_owned(),
                format!("{:.2} s", median(&build.seconds).unwrap_or_default()),
                format!("{low:.2} to {high:.2} s"),
            ]);
        }
        let repetitions = self.seconds(Variant::On, Profile::Release).len();
        format!(
            "Each crate is built from an empty target folder by `cargo build -j1 --offline`, \
             everything downloaded before; interleaved repetitions in random order: {repetitions}, \
             and five times as many of off and bare. \
             Off and bare build and link a library with one annotated function and a binary \
             (`--lib --bins`); `bench` and divan {} build and link a bench target with one \
             benchmark (`--bench one`). The column \"crates\" counts the packages that the one \
             under test depends on, build dependencies and macros included. Ratios are those of \
             the medians; their spread is that of the repetitions' own ratios.\n\n{table}",
            self.divan_version
        )
    }
}

impl Data {
    fn seconds(&self, variant: Variant, profile: Profile) -> &[f64] {
        let build = self.builds.iter().find(|b| (b.variant, b.profile) == (variant, profile));
        build.map_or(&[], |build| &build.seconds)
    }

    fn ratio(&self, ours: Variant, theirs: Variant, profile: Profile) -> Option<f64> {
        Some(median(self.seconds(ours, profile))? / median(self.seconds(theirs, profile))?)
    }

    fn ratios(&self, ours: Variant, theirs: Variant, profile: Profile) -> Vec<f64> {
        let pairs = self.seconds(ours, profile).iter().zip(self.seconds(theirs, profile));
        pairs.map(|(a, b)| a / b).collect()
    }
}

fn build_from_nothing(package: &Package, variant: Variant, profile: Profile) -> Result<f64> {
    remove_folder(&package.target)?;
    let mut cargo = package.cargo();
    cargo.args(["build", "-j1", "--offline", "--quiet"]).args(variant.selection());
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    let seconds = run(&mut cargo)?.seconds;
    remove_folder(&package.target)?;
    Ok(seconds)
}

/// Packages that this one depends on.
fn crates_of(package: &Package) -> Result<usize> {
    let mut cargo = package.cargo();
    cargo.args(["tree", "--offline", "--prefix", "none", "--no-dedupe", "-e", "normal,build"]);
    Ok(distinct_lines(&run(&mut cargo)?.stdout).saturating_sub(1))
}

/// Different packages in the lines of `cargo tree`, which end in remarks now and then.
fn distinct_lines(tree: &str) -> usize {
    let package = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let mut packages: Vec<String> =
        tree.lines().filter(|line| !line.is_empty()).map(package).collect();
    packages.sort_unstable();
    packages.dedup();
    packages.len()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn data(on: &[f64], divan: &[f64]) -> Data {
        let build = |variant, seconds: &[f64]| Build {
            variant,
            profile: Profile::Release,
            seconds: seconds.to_vec(),
        };
        Data {
            divan_version: "0.1.21".to_owned(),
            crates: vec![(Variant::On, 14)],
            builds: vec![build(Variant::On, on), build(Variant::Divan, divan)],
        }
    }

    #[test]
    fn ratios_are_those_of_the_medians() {
        let data = data(&[12.0, 10.0, 30.0], &[10.0, 9.0, 10.0]);
        assert_eq!(data.ratio(Variant::On, Variant::Divan, Profile::Release), Some(1.2));
        assert_eq!(data.ratio(Variant::On, Variant::Divan, Profile::Debug), None);
        let claims = data.claims();
        assert_eq!(claims.len(), 4);
        assert!(claims[3].verdict().starts_with("missed by 20"), "{}", claims[3].verdict());
        assert_eq!(claims[0].verdict(), "not measured");
    }

    #[test]
    fn packages_are_counted_once() {
        let tree =
            "cold v0.0.0 (/x)\nsyn v3.0.1\nquote v1.0.0\nsyn v3.0.1 (*)\nm v1 (proc-macro)\n";
        assert_eq!(distinct_lines(tree), 4);
    }

    #[test]
    fn raw_data_can_be_read_back() {
        let before = data(&[1.5], &[2.0]);
        let text = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Data>(&text).unwrap(), before);
    }
}
