//! One place where settings are merged, and where each value's origin is known.

use std::time::Duration;

use crate::record::{Resolved, Settings};

/// One layer of settings and where it comes from; earlier layers win.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer {
    /// Where the values come from, in words: `command line`, `attribute`.
    pub(crate) source: String,
    pub(crate) settings: Settings,
}

impl Layer {
    pub(crate) fn new(source: impl Into<String>, settings: Settings) -> Self {
        Self { source: source.into(), settings }
    }
}

/// Deadline of one launch of one case, where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Time for sampling, where samples are counted and nothing says how long they may take.
const COUNTED_MAX_TIME: Duration = Duration::from_secs(100);

/// Merges layers, the first one strongest.
pub(crate) fn resolve(layers: &[Layer]) -> (Resolved, Settings) {
    let merged = merge(layers);
    let ns = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let min_time = merged.min_time.unwrap_or_default();
    let counted_at = position(layers, |settings| settings.sample_count.is_some());
    let limited_at = position(layers, |settings| settings.max_time.is_some());
    // A count that was asked for in a stronger layer than the time limit is not cut short by it.
    let max_time = match (counted_at, limited_at) {
        (Some(counted), Some(limited)) if counted < limited => COUNTED_MAX_TIME,
        _ => merged.max_time.unwrap_or(COUNTED_MAX_TIME),
    };
    let max_time = max_time.max(min_time);
    let resolved = Resolved {
        sample_count: merged.sample_count,
        sample_size: merged.sample_size,
        min_time_ns: ns(min_time),
        max_time_ns: ns(max_time),
        warmup_ns: ns(merged.warmup.unwrap_or_default()),
        target_ci: merged.target_ci,
        launches: merged.launches.unwrap_or(1).max(1),
        skip_ext_time: merged.skip_ext_time.unwrap_or(false),
        // Sampling time that was asked for must fit into the deadline.
        probes: merged.probes.unwrap_or(true),
        instructions: merged.instructions.unwrap_or(false),
        timeout_ns: ns(merged.timeout.unwrap_or(TIMEOUT.max(min_time * 2))),
    };
    (resolved, merged)
}

fn merge(layers: &[Layer]) -> Settings {
    let over = |below: Settings, layer: &Layer| layer.settings.clone().over(below);
    layers.iter().rev().fold(Settings::default(), over)
}

fn position(layers: &[Layer], is_set: impl Fn(&Settings) -> bool) -> Option<usize> {
    layers.iter().position(|layer| is_set(&layer.settings))
}

/// One line of `--explain`: a setting, its value, and the layer it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explained {
    pub(crate) setting: &'static str,
    pub(crate) value: String,
    pub(crate) source: String,
}

/// A setting as a name and a way to show it.
type Shown = (&'static str, fn(&Settings) -> Option<String>);

/// Where each setting's value comes from.
pub(crate) fn explain(layers: &[Layer]) -> Vec<Explained> {
    fn time(value: Option<Duration>) -> Option<String> {
        value.map(|time| format!("{time:?}"))
    }
    fn number(value: Option<u32>) -> Option<String> {
        value.map(|number| number.to_string())
    }
    let shown: [Shown; 12] = [
        ("launches", |s| number(s.launches)),
        ("sample_count", |s| number(s.sample_count)),
        ("sample_size", |s| number(s.sample_size)),
        ("warmup", |s| time(s.warmup)),
        ("min_time", |s| time(s.min_time)),
        ("max_time", |s| time(s.max_time)),
        ("target_ci", |s| s.target_ci.map(|ratio| format!("{} %", ratio * 100.0))),
        ("skip_ext_time", |s| s.skip_ext_time.map(|skip| skip.to_string())),
        ("timeout", |s| time(s.timeout)),
        ("probes", |s| s.probes.map(|probes| probes.to_string())),
        ("instructions", |s| s.instructions.map(|counted| counted.to_string())),
        ("counters", |s| (!s.counters.is_empty()).then(|| counters(s))),
    ];
    let explained = |(setting, show): &Shown| {
        let found = layers.iter().find_map(|layer| Some((show(&layer.settings)?, &layer.source)));
        let (value, source) = found.map_or_else(
            || (unset(setting), "built in".to_owned()),
            |(value, source)| (value, source.clone()),
        );
        Explained { setting, value, source }
    };
    shown.iter().map(explained).collect()
}

fn counters(settings: &Settings) -> String {
    let one = |counter: &crate::record::Counter| {
        format!("{} {:?}", counter.count, counter.kind).to_lowercase()
    };
    settings.counters.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What holds where no layer says anything.
fn unset(setting: &str) -> String {
    match setting {
        "launches" => "1".to_owned(),
        "timeout" => format!("{TIMEOUT:?}"),
        "skip_ext_time" | "instructions" => "false".to_owned(),
        "probes" => "true".to_owned(),
        "sample_count" | "sample_size" => "chosen by time".to_owned(),
        _ => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers() -> Vec<Layer> {
        vec![
            Layer::new("command line", Settings { launches: Some(3), ..Settings::default() }),
            Layer::new("attribute", Settings { sample_count: Some(7), ..Settings::default() }),
            Layer::new("full mode", Settings::full()),
        ]
    }

    #[test]
    fn stronger_layers_win_and_are_named() {
        let (resolved, _) = resolve(&layers());
        assert_eq!((resolved.launches, resolved.sample_count), (3, Some(7)));
        let explained = explain(&layers());
        let of = |name: &str| explained.iter().find(|line| line.setting == name).cloned();
        assert_eq!(of("launches").map(|l| l.source).as_deref(), Some("command line"));
        assert_eq!(of("warmup").map(|l| l.source).as_deref(), Some("full mode"));
        assert_eq!(of("timeout").map(|l| l.source).as_deref(), Some("built in"));
    }

    #[test]
    fn a_count_outlasts_the_default_time_but_not_a_stronger_limit() {
        assert_eq!(resolve(&layers()).0.max_time_ns, COUNTED_MAX_TIME.as_nanos() as u64);
        let mut limited = layers();
        limited[0].settings.max_time = Some(Duration::from_secs(1));
        assert_eq!(resolve(&limited).0.max_time_ns, 1_000_000_000);
    }
}
