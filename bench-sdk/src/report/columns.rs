//! The columns of the table, as data: names of metrics, and a few figures that are none.

use std::borrow::Cow;

use super::escape::{cut, escape};
use super::pretty::time_text;
use super::style::Paint;
use super::table::Cell;
use super::units::{Rate, count, figure, half_interval, plus_minus, rate};
use crate::plan::nearest;
use crate::record::metric_name::{self as name, Nature};
use crate::record::{CaseRecord, Metric, Unit};

/// Longest title, in columns of the terminal.
const MAX_TITLE: usize = 24;

/// What a column shows of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Half the width of the interval of `time`.
    Interval,
    /// What the benchmark counts, a second: the first kind it has.
    Throughput,
    /// Samples behind `time`.
    Samples,
    /// Processes it was measured in.
    Launches,
    /// Threads that ran it at once.
    Threads,
    /// The metric of that name.
    Metric(Cow<'static, str>),
}

const fn of(name: &'static str) -> Column {
    Column::Metric(Cow::Borrowed(name))
}

/// The columns that are shown unless others are asked for; where there is no room, the last go.
const DEFAULT: [Column; 9] = [
    of(name::TIME),
    Column::Interval,
    of(name::TIME_P99),
    Column::Throughput,
    of(name::ALLOCS),
    of(name::CPU_UTILISATION),
    of(name::OPS_PER_CPU_SECOND),
    of(name::TIME_P95),
    Column::Samples,
];
/// Columns of the default for which the table is set more tightly; the others are welcome where
/// there is room.
const WANTED: usize = 7;
/// A column of the default is sparse where fewer than one in so many cases has a figure for it.
const SPARSE: usize = 3;
/// Columns of the default that stand before those that are added to it.
const LEADING: usize = 2;

/// Words for columns besides the names of metrics, which they win over.
const WORDS: [(&str, &[Column]); 22] = [
    ("interval", &[Column::Interval]),
    ("median", &[of(name::TIME)]),
    ("min", &[of(name::TIME_MIN)]),
    ("mean", &[of(name::TIME_MEAN)]),
    ("throughput", &[Column::Throughput]),
    ("bytes", &[of(name::ALLOC_BYTES)]),
    ("peak", &[of(name::PEAK_LIVE)]),
    ("cpu", &[of(name::CPU_UTILISATION)]),
    ("cpu_time", &[of(name::CPU)]),
    ("user", &[of(name::CPU_USER)]),
    ("system", &[of(name::CPU_SYSTEM)]),
    ("ops", &[of(name::OPS_PER_CPU_SECOND)]),
    ("rss", &[of(name::PEAK_RSS)]),
    ("faults", &[of(name::FAULTS_MINOR), of(name::FAULTS_MAJOR)]),
    ("switches", &[of(name::CONTEXT_SWITCHES_VOLUNTARY), of(name::CONTEXT_SWITCHES_INVOLUNTARY)]),
    ("disk", &[of(name::DISK_READ), of(name::DISK_WRITTEN)]),
    ("io", &[of(name::IO_READ), of(name::IO_WRITTEN)]),
    ("net", &[of(name::NET_RECEIVED), of(name::NET_SENT)]),
    ("samples", &[Column::Samples]),
    ("launches", &[Column::Launches]),
    ("threads", &[Column::Threads]),
    ("all", &[]),
];

/// Titles shorter than what the metric's name would give.
const TITLES: [(&str, &str); 15] = [
    (name::TIME_MIN, "min"),
    (name::TIME_MEAN, "mean"),
    (name::CPU, "cpu time"),
    (name::CPU_USER, "user"),
    (name::CPU_SYSTEM, "system"),
    (name::CPU_UTILISATION, "cpu"),
    (name::OPS_PER_CPU_SECOND, "ops/cpu s"),
    (name::ALLOC_BYTES, "bytes"),
    (name::ALLOC_BYTES_PER_OP, "bytes/op"),
    (name::PEAK_LIVE, "peak"),
    (name::PEAK_RSS, "rss"),
    (name::CONTEXT_SWITCHES_VOLUNTARY, "waits"),
    (name::CONTEXT_SWITCHES_INVOLUNTARY, "preempted"),
    (name::NET_RECEIVED, "net in"),
    (name::NET_SENT, "net out"),
];

/// Which columns the table has, from left to right. One that no case has a figure for is left out,
/// and where the terminal is too narrow the last ones go.
///
/// ```
/// use bench_sdk::report::Columns;
///
/// // Those of the default, and the highest resident memory.
/// assert!(Columns::parse("+rss").is_ok());
/// // Nothing but these; any metric and any percentile of latency has a column.
/// assert!(Columns::parse("time,p99.9,alloc_bytes").is_ok());
/// let error = Columns::parse("throughptu").unwrap_err();
/// assert!(error.contains("did you mean `throughput`?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    list: Vec<Column>,
    /// Everything that has figures, instead of the list.
    all: bool,
    /// Those of the list that were asked for by name.
    named: Vec<Column>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { list: DEFAULT.into(), all: false, named: Vec::new() }
    }
}

impl Columns {
    /// Reads names that are separated by commas: names of metrics, `pNN`, and the words `interval`,
    /// `min`, `mean`, `throughput`, `bytes`, `peak`, `cpu`, `cpu_time`, `user`, `system`, `ops`,
    /// `rss`, `faults`, `switches`, `disk`, `io`, `net`, `samples`, `launches` and `threads`. `all`
    /// is everything that has figures. With a leading `+` the columns are added to the default,
    /// right behind the interval.
    ///
    /// # Errors
    /// A name that is not known gives a sentence with the nearest one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut list = Vec::new();
        let mut all = false;
        let names = text.split(',').map(|name| name.trim().trim_start_matches('+'));
        for name in names.filter(|name| !name.is_empty()) {
            all |= name == "all";
            list.extend(columns_of(name)?);
        }
        if list.is_empty() && !all {
            return Err("no column is named; write names such as `time,p99,rss`".to_owned());
        }
        let asked_for = list.clone();
        if text.starts_with('+') {
            list = [&DEFAULT[..LEADING], &list, &DEFAULT[LEADING..]].concat();
        }
        Ok(Self { list: once_each(list), all, named: asked_for })
    }

    /// Whether the user asked for that column, and is told why it is not there.
    pub(super) fn asks_for(&self, column: &Column) -> bool {
        self.all || self.named.contains(column)
    }

    /// The columns that some of these cases have a figure for, and those that none has.
    pub(super) fn split(&self, cases: &[&CaseRecord]) -> Split {
        let mut list = if self.all { everything(cases) } else { self.list.clone() };
        if !self.all && list.starts_with(&DEFAULT[..LEADING]) {
            // What cases measure instead of time stands where time does.
            list.splice(LEADING..LEADING, custom(cases));
        }
        let list = once_each(list);
        let (mut shown, mut empty): (Vec<Column>, Vec<Column>) = list
            .into_iter()
            .partition(|column| cases.iter().any(|case| column.text(case).is_some()));
        if self.all {
            empty.clear();
        }
        if shown.is_empty() {
            // Where bodies were only run, this one says `ok`.
            shown.push(of(name::TIME));
        }
        if self.all || !self.named.is_empty() {
            let wanted = shown.len();
            return Split { shown, empty, wanted };
        }
        // Of the default, what most cases lack goes first where there is no room.
        let has = |column: &Column| cases.iter().filter(|case| column.text(case).is_some()).count();
        let is_wanted = |column: &Column| {
            let is_main = column.metric().is_some_and(name::is_main);
            let is_usual = SPARSE * has(column) >= cases.len();
            is_main || (!DEFAULT[WANTED..].contains(column) && is_usual)
        };
        let (mut shown, rest): (Vec<Column>, Vec<Column>) = shown.into_iter().partition(is_wanted);
        let wanted = shown.len();
        shown.extend(rest);
        Split { shown, empty, wanted }
    }
}

/// The columns of a table.
pub(super) struct Split {
    /// Those that some case has a figure for.
    pub(super) shown: Vec<Column>,
    /// Those that none has.
    pub(super) empty: Vec<Column>,
    /// How many of those shown are worth setting the table more tightly.
    pub(super) wanted: usize,
}

/// Columns for all that these cases have.
fn everything(cases: &[&CaseRecord]) -> Vec<Column> {
    let known = name::ALL.iter().map(|name| of(name));
    let found = cases.iter().flat_map(|case| case.metrics.keys());
    let found = found.map(|name| Column::Metric(Cow::Owned(name.clone())));
    let rest = [Column::Samples, Column::Launches, Column::Threads];
    once_each([of(name::TIME), Column::Interval].into_iter().chain(known).chain(found).chain(rest))
}

/// Columns for what cases measure instead of time.
fn custom(cases: &[&CaseRecord]) -> Vec<Column> {
    let found = cases.iter().flat_map(|case| case.metrics.keys());
    let found = found.filter(|name| name::is_custom(name));
    once_each(found.map(|name| Column::Metric(Cow::Owned(name.clone()))))
}

/// The columns without those that stand before.
fn once_each(columns: impl IntoIterator<Item = Column>) -> Vec<Column> {
    let mut list = Vec::new();
    for column in columns {
        if !list.contains(&column) {
            list.push(column);
        }
    }
    list
}

/// The columns that one name stands for.
fn columns_of(word: &str) -> Result<Vec<Column>, String> {
    if let Some((_, columns)) = WORDS.iter().find(|(known, _)| *known == word) {
        return Ok(columns.to_vec());
    }
    let spelled = if word.starts_with('p') { format!("time_{word}") } else { word.to_owned() };
    for candidate in [word, &spelled] {
        if name::describe(candidate).is_some() {
            return Ok(vec![Column::Metric(Cow::Owned(candidate.to_owned()))]);
        }
    }
    let known = WORDS.iter().map(|(word, _)| *word).chain(name::ALL.iter().copied());
    let help = nearest(word, known).map_or_else(
        || "there are `time`, `p99`, `throughput`, `rss` and every other metric".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Err(format!("unknown column `{}`; {help}", cut(&escape(word), MAX_TITLE)))
}

impl Column {
    /// The metric that it shows.
    pub(super) fn metric(&self) -> Option<&str> {
        match self {
            Self::Metric(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn title(&self) -> String {
        match self {
            Self::Interval => "interval".to_owned(),
            Self::Throughput => "throughput".to_owned(),
            Self::Samples => "samples".to_owned(),
            Self::Launches => "launches".to_owned(),
            Self::Threads => "threads".to_owned(),
            Self::Metric(metric) => title_of(metric),
        }
    }

    /// The cell of a case that was measured.
    pub(super) fn cell(&self, case: &CaseRecord) -> Cell {
        let Some(text) = self.text(case) else { return Cell::absent() };
        let paint = match self {
            Self::Interval | Self::Samples | Self::Launches | Self::Threads => Paint::Dim,
            Self::Metric(metric) if metric == name::TIME && case.metric(name::TIME).is_none() => {
                Paint::Good
            }
            _ => Paint::Plain,
        };
        Cell::new(text, paint)
    }

    /// The figure of a case that was measured.
    fn text(&self, case: &CaseRecord) -> Option<String> {
        let at_floor = case.has_note("at_floor");
        if at_floor && self.is_hidden_at_floor() {
            return None;
        }
        match self {
            Self::Interval => case.metric(name::TIME)?.half_width().map(plus_minus),
            Self::Throughput => [
                name::THROUGHPUT_ITEMS,
                name::THROUGHPUT_BYTES,
                name::THROUGHPUT_CHARS,
                name::THROUGHPUT_CYCLES,
            ]
            .into_iter()
            .find_map(|name| Some(figure(name, case.metric(name)?))),
            Self::Samples => Some(count(case.metric(name::TIME)?.samples? as f64)),
            Self::Launches => match case.launches.len() {
                0 => None,
                launches => Some(count(launches as f64)),
            },
            Self::Threads => case.threads.map(|threads| count(f64::from(threads))),
            Self::Metric(metric) if metric == name::TIME => time_text(case, at_floor),
            Self::Metric(metric) => Some(short_figure(metric, case.metric(metric)?)),
        }
    }

    /// Whether it says nothing of a body that takes no time that can be told.
    fn is_hidden_at_floor(&self) -> bool {
        match self {
            Self::Interval | Self::Throughput => true,
            Self::Samples | Self::Launches | Self::Threads => false,
            Self::Metric(metric) => {
                let is_of_speed =
                    name::describe(metric).is_some_and(|what| what.nature == Nature::Speed);
                is_of_speed && metric != name::TIME && metric != name::CPU_UTILISATION
            }
        }
    }
}

/// The figure without what the title says already.
fn short_figure(metric: &str, value: &Metric) -> String {
    if metric == name::OPS_PER_CPU_SECOND && value.unit == Unit::PerSecond {
        return rate(value.estimate, half_interval(value), Rate::Bare);
    }
    figure(metric, value)
}

fn title_of(metric: &str) -> String {
    if let Some((_, title)) = TITLES.iter().find(|(name, _)| *name == metric) {
        return (*title).to_owned();
    }
    if let Some(unit) = metric.strip_prefix("custom_") {
        return cut(&unit.replace('_', " "), MAX_TITLE);
    }
    if name::percentile(metric).is_some() {
        return metric.trim_start_matches("time_").to_owned();
    }
    let words = match metric.strip_suffix("_per_op") {
        Some(cost) => format!("{cost}/op"),
        None => metric.to_owned(),
    };
    cut(&escape(&words.replace('_', " ")), MAX_TITLE)
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
