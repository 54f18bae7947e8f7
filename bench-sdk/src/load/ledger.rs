//! What one thread has recorded since its ledger was last taken.

use std::collections::{BTreeMap, HashMap};

use crate::record::load::{Builtin, MetricKind, MetricUnit, Phase, Tags, Threshold, builtin};
use crate::stats::{Metrics, Series};

/// Tags that have been looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TagSet(usize);

/// Sums of one thread. Series of ours have fixed places, so that a sample is added without a
/// lookup; parts of them are kept only where a threshold asks for one.
pub(crate) struct Ledger {
    builtin: Vec<Series>,
    custom: HashMap<String, Series>,
    /// Parts of builtin series, by the number of the series.
    parts: Vec<Vec<Part>>,
    custom_parts: HashMap<String, Vec<Part>>,
    tag_sets: Vec<Tags>,
    known_sets: HashMap<Tags, TagSet>,
    noted: Noted,
}

/// What is not a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Noted {
    /// By kind: how often, and the words of the first.
    pub(crate) errors: BTreeMap<String, (u64, String)>,
    /// By name: how often it held, and how often not.
    pub(crate) checks: BTreeMap<String, (u64, u64)>,
    /// By the number of the scenario.
    pub(crate) scenarios: Vec<Counts>,
}

/// Iterations of one scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Ran to their end.
    pub(crate) full: u64,
    /// Of these, those that failed.
    pub(crate) failed: u64,
    /// Were cut off.
    pub(crate) interrupted: u64,
    /// Never began.
    pub(crate) dropped: u64,
}

/// Kinds of errors that are kept apart; any further are counted together.
const KINDS_OF_ERRORS: usize = 64;
const OTHER_ERRORS: &str = "other";
/// Bytes kept of the words of an error.
const WORDS: usize = 400;

/// The samples of a series that have certain tags and lie in a certain phase.
struct Part {
    key: String,
    tags: Tags,
    phase: Option<Phase>,
    series: Series,
    /// Whether the tag set with that number has the tags, as far as it has been asked.
    matching: Vec<Option<bool>>,
}

impl Ledger {
    /// An empty ledger that keeps the parts that these thresholds ask for.
    pub(crate) fn new(thresholds: &[Threshold], scenarios: usize) -> Self {
        let builtins = Builtin::ALL.iter();
        let mut ledger = Self {
            builtin: builtins.clone().map(|b| Series::empty(b.kind(), b.unit())).collect(),
            custom: HashMap::new(),
            parts: builtins.map(|_| Vec::new()).collect(),
            custom_parts: HashMap::new(),
            tag_sets: Vec::new(),
            known_sets: HashMap::new(),
            noted: Noted { scenarios: vec![Counts::default(); scenarios], ..Noted::default() },
        };
        for threshold in thresholds {
            ledger.keep_part(threshold);
        }
        ledger
    }

    fn keep_part(&mut self, threshold: &Threshold) {
        if threshold.tags.is_empty() && threshold.phase.is_none() {
            return;
        }
        let key = threshold.series_key();
        let known = builtin(&threshold.metric);
        let parts = match known {
            Some(metric) => &mut self.parts[metric as usize],
            None => self.custom_parts.entry(threshold.metric.clone()).or_default(),
        };
        if parts.iter().any(|part| part.key == key) {
            return;
        }
        // Of a metric of the user's, the first sample decides the kind.
        let (kind, unit) = known.map_or((MetricKind::Counter, MetricUnit::One), |metric| {
            (metric.kind(), metric.unit())
        });
        parts.push(Part {
            key,
            tags: threshold.tags.clone(),
            phase: threshold.phase,
            series: Series::empty(kind, unit),
            matching: Vec::new(),
        });
    }

    /// The number of these tags.
    pub(crate) fn tag_set(&mut self, tags: &Tags) -> TagSet {
        if let Some(known) = self.known_sets.get(tags) {
            return *known;
        }
        let set = TagSet(self.tag_sets.len());
        self.tag_sets.push(tags.clone());
        self.known_sets.insert(tags.clone(), set);
        set
    }

    /// Adds a sample to a counter, gauge or rate of ours.
    pub(crate) fn add(&mut self, metric: Builtin, value: f64, tags: TagSet, phase: Option<Phase>) {
        self.each(metric, tags, phase, |series| series.add(value));
    }

    /// Adds a length of time to a trend of ours.
    pub(crate) fn time(&mut self, metric: Builtin, ns: u64, tags: TagSet, phase: Option<Phase>) {
        self.each(metric, tags, phase, |series| {
            if let Series::Trend { values, .. } = series {
                values.record(ns);
            }
        });
    }

    /// Adds samples to a trend of ours that are known to be greater than any that ended.
    pub(crate) fn censored(
        &mut self,
        metric: Builtin,
        times: u64,
        tags: TagSet,
        phase: Option<Phase>,
    ) {
        self.each(metric, tags, phase, |series| {
            if let Series::Trend { values, .. } = series {
                values.record_censored(times);
            }
        });
    }

    fn each(
        &mut self,
        metric: Builtin,
        tags: TagSet,
        phase: Option<Phase>,
        add: impl Fn(&mut Series),
    ) {
        add(&mut self.builtin[metric as usize]);
        for part in &mut self.parts[metric as usize] {
            if part.takes(tags, phase, &self.tag_sets) {
                add(&mut part.series);
            }
        }
    }

    /// Adds a sample to a metric of the user's.
    pub(crate) fn custom(
        &mut self,
        name: &str,
        kind: MetricKind,
        unit: MetricUnit,
        value: f64,
        tags: TagSet,
        phase: Option<Phase>,
    ) -> Result<(), String> {
        if builtin(name).is_some() {
            return Err(format!("the metric `{name}` is kept by the load test itself"));
        }
        if !self.custom.contains_key(name) {
            self.custom.insert(name.to_owned(), Series::empty(kind, unit));
            for part in self.custom_parts.get_mut(name).into_iter().flatten() {
                part.series = Series::empty(kind, unit);
            }
        }
        let Some(series) = self.custom.get_mut(name) else { return Ok(()) };
        if (series.kind(), series.unit()) != (kind, unit) {
            return Err(format!("the metric `{name}` was used before as another kind of metric"));
        }
        series.add(value);
        for part in self.custom_parts.get_mut(name).into_iter().flatten() {
            if part.takes(tags, phase, &self.tag_sets) {
                part.series.add(value);
            }
        }
        Ok(())
    }

    /// Counts an error.
    pub(crate) fn error(&mut self, kind: &str, words: impl FnOnce() -> String) {
        let errors = &mut self.noted.errors;
        if let Some((count, _)) = errors.get_mut(kind) {
            *count += 1;
            return;
        }
        let kind = if errors.len() < KINDS_OF_ERRORS { kind } else { OTHER_ERRORS };
        let entry = errors.entry(kind.to_owned()).or_insert_with(|| (0, cut(words())));
        entry.0 += 1;
    }

    /// Counts a check.
    pub(crate) fn check(&mut self, name: &str, held: bool) {
        let entry = match self.noted.checks.get_mut(name) {
            Some(entry) => entry,
            None => self.noted.checks.entry(name.to_owned()).or_default(),
        };
        entry.0 += u64::from(held);
        entry.1 += u64::from(!held);
    }

    /// The counts of the scenario with that number.
    pub(crate) fn counts(&mut self, scenario: usize) -> &mut Counts {
        let scenarios = &mut self.noted.scenarios;
        if scenarios.len() <= scenario {
            scenarios.resize(scenario + 1, Counts::default());
        }
        &mut scenarios[scenario]
    }

    /// Adds everything to `metrics` and `noted`, and starts anew with the same memory.
    pub(crate) fn drain_into(&mut self, metrics: &mut Metrics, noted: &mut Noted) {
        let builtin = Builtin::ALL.iter().zip(&mut self.builtin);
        let builtin = builtin.map(|(metric, series)| (metric.name(), series));
        let custom = self.custom.iter_mut().map(|(name, series)| (name.as_str(), series));
        let parts = self.parts.iter_mut().chain(self.custom_parts.values_mut()).flatten();
        let parts = parts.map(|part| (part.key.as_str(), &mut part.series));
        for (name, series) in builtin.chain(custom).chain(parts) {
            if series.samples() == 0 {
                continue;
            }
            match metrics.get_mut(name) {
                Some(sum) => sum.merge(series),
                None => drop(metrics.insert(name.to_owned(), series.clone())),
            }
            series.clear();
        }
        noted.merge(std::mem::take(&mut self.noted));
    }
}

impl Part {
    fn takes(&mut self, set: TagSet, phase: Option<Phase>, tag_sets: &[Tags]) -> bool {
        if self.phase.is_some() && self.phase != phase {
            return false;
        }
        if self.matching.len() <= set.0 {
            self.matching.resize(set.0 + 1, None);
        }
        let tags = &self.tags;
        *self.matching[set.0].get_or_insert_with(|| {
            tags.iter().all(|(name, value)| tag_sets[set.0].get(name) == Some(value))
        })
    }
}

impl Noted {
    /// Adds what another one has.
    pub(crate) fn merge(&mut self, other: Self) {
        for (kind, (count, words)) in other.errors {
            self.errors.entry(kind).or_insert((0, words)).0 += count;
        }
        for (name, (held, not)) in other.checks {
            let entry = self.checks.entry(name).or_default();
            *entry = (entry.0 + held, entry.1 + not);
        }
        if self.scenarios.len() < other.scenarios.len() {
            self.scenarios.resize(other.scenarios.len(), Counts::default());
        }
        for (sum, more) in self.scenarios.iter_mut().zip(other.scenarios) {
            sum.full += more.full;
            sum.failed += more.failed;
            sum.interrupted += more.interrupted;
            sum.dropped += more.dropped;
        }
    }
}

fn cut(mut words: String) -> String {
    if words.len() > WORDS {
        let end = (0..=WORDS).rev().find(|at| words.is_char_boundary(*at)).unwrap_or(0);
        words.truncate(end);
        words.push('…');
    }
    words
}
