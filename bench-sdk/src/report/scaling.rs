//! Fitted growth and scalability in words and as plots.

use super::escape::{cut, escape, width};
use super::plot::{Plot, plot_lines};
use super::style::{Paint, end_line, push_painted};
use super::units::{Rate, rate, time};
use crate::record::{
    ComplexityVerdict, Growth, GrowthModel, RunRecord, ScalabilityLaw, ScalingKind, ScalingRecord,
};

/// Up to this many fits each is drawn.
const FEW: usize = 2;
/// A constant part below this share of the smallest time is not worth a word.
const WORTH_A_WORD: f64 = 0.05;
/// Significance of fitted factors: two or three digits.
const DIGITS: f64 = 0.05;
/// A peak farther out than this many times what was measured is a guess.
const FORESEEABLE: f64 = 4.0;
/// Laws that are named where none is clear.
const MAX_NAMED: usize = 3;
/// A law with less weight is not among them.
const LEAST_NAMED: f64 = 0.05;

/// A line about a fit.
pub(crate) struct FitLine<'a> {
    pub(crate) fit: &'a ScalingRecord,
    /// `growth` or `scaling`.
    pub(crate) word: &'static str,
    pub(crate) subject: String,
    /// The finding and its figures, three columns apart from each other.
    pub(crate) text: String,
    pub(crate) paint: Paint,
    pub(crate) is_drawn: bool,
}

/// A line for each fit that does not stand among the failures.
pub(crate) fn fit_lines(record: &RunRecord, plots: bool) -> Vec<FitLine<'_>> {
    let mut lines: Vec<FitLine<'_>> = Vec::new();
    let (mut names, mut figures): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut widest = 0;
    for fit in &record.scaling {
        if fit.is_exceeded() {
            continue;
        }
        let (text, figure) = finding(record, fit);
        if !figure.is_empty() {
            widest = widest.max(width(&text));
        }
        let subject = short_name(record, fit);
        names.push(subject.clone());
        let paint = if is_open(record, fit) { Paint::Caution } else { Paint::Dim };
        let is_drawn = plots || record.scaling.len() <= FEW;
        lines.push(FitLine { fit, word: word(fit), subject, text, paint, is_drawn });
        figures.push(figure);
    }
    for (line, figure) in lines.iter_mut().zip(&figures) {
        if names.iter().filter(|name| **name == line.subject).count() > 1 {
            line.subject = full_name(line.fit);
        }
        if !figure.is_empty() {
            // Spaces that do not break keep the columns.
            let gap = "\u{a0}".repeat(widest - width(&line.text) + 2);
            line.text.push_str(&gap);
            line.text.push(' ');
            line.text.push_str(figure);
        }
    }
    lines
}

fn word(fit: &ScalingRecord) -> &'static str {
    match fit.kind {
        ScalingKind::Growth => "growth",
        ScalingKind::Threads => "scaling",
    }
}

/// The fit's benchmark, with its path and with what all points have in common.
fn full_name(fit: &ScalingRecord) -> String {
    escape(&format!("{}{}", fit.id, suffix(fit)))
}

/// The same without the path.
fn short_name(record: &RunRecord, fit: &ScalingRecord) -> String {
    let case = fit.points.first().and_then(|point| record.case(point.case.as_str()));
    let Some(case) = case else { return full_name(fit) };
    let types = match case.types.as_slice() {
        [] => String::new(),
        types => format!("<{}>", types.join(",")),
    };
    escape(&format!("{}{types}{}", case.name, suffix(fit)))
}

fn suffix(fit: &ScalingRecord) -> String {
    match (&fit.arg, fit.threads) {
        (Some(arg), _) => format!("[{arg}]"),
        (None, Some(threads)) => format!("{{t={threads}}}"),
        (None, None) => String::new(),
    }
}

/// What was found, and the figures that belong to it.
fn finding(record: &RunRecord, fit: &ScalingRecord) -> (String, String) {
    if let Some(law) = &fit.law {
        return threads_finding(record, fit, law);
    }
    let laws = named_laws(fit);
    let open = if is_open(record, fit) { open_promise(fit) } else { String::new() };
    match fit.best().filter(|_| !fit.ambiguous) {
        Some(best) if open.is_empty() => (laws, formula(fit, best)),
        Some(best) => (laws, format!("{}; {open}", formula(fit, best))),
        None if laws.is_empty() => (open, String::new()),
        None => (laws, open),
    }
}

/// Whether the promise of a complexity is neither kept nor broken, and that is worth a word: an
/// unoptimised build, which the head of the run names, is not where the growth is as promised.
fn is_open(record: &RunRecord, fit: &ScalingRecord) -> bool {
    let is_allowed = fit.chosen.is_some() && fit.chosen <= fit.complexity;
    fit.verdict == Some(ComplexityVerdict::Inconclusive) && (record.run.optimized || !is_allowed)
}

fn open_promise(fit: &ScalingRecord) -> String {
    let complexity = fit.complexity.map_or("", Growth::name);
    let reason = escape(fit.reason.as_deref().unwrap_or_default());
    format!("`complexity = \"{complexity}\"` is not judged: {reason}")
}

/// `n (weight 0.98)`, or the laws that cannot be told apart, those with more weight first:
/// `n (0.61) or n log n (0.35)`.
fn named_laws(fit: &ScalingRecord) -> String {
    let Some(best) = fit.best() else { return String::new() };
    if !fit.ambiguous {
        return format!("{} (weight {})", law_words(best.growth), weight(best));
    }
    let is_other =
        |model: &&GrowthModel| model.growth != best.growth && model.weight >= LEAST_NAMED;
    let mut others: Vec<&GrowthModel> = fit.models.iter().filter(is_other).collect();
    others.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let named = std::iter::once(best).chain(others).take(MAX_NAMED);
    let named = named.map(|model| format!("{} ({})", law_words(model.growth), weight(model)));
    named.collect::<Vec<_>>().join(" or ")
}

/// A law as people read it. Records, and the attribute, call the one that does not grow `1`.
fn law_words(growth: Growth) -> &'static str {
    match growth {
        Growth::Constant => "constant",
        other => other.name(),
    }
}

/// A weight in two digits; never quite certain.
fn weight(model: &GrowthModel) -> String {
    if model.weight >= 0.995 { ">0.99".to_owned() } else { format!("{:.2}", model.weight) }
}

/// `8.9 ns an element + 7 ns`
fn formula(fit: &ScalingRecord, model: &GrowthModel) -> String {
    let figure = |ns: f64| time(ns, Some(ns * DIGITS));
    let constant = figure(model.constant_ns);
    let factor = figure(model.factor_ns);
    let growing = match model.growth {
        Growth::Constant => return format!("{constant} whatever the size"),
        Growth::Logarithmic => format!("{factor} a doubling"),
        Growth::SquareRoot => format!("{factor} · √n"),
        Growth::Linear => format!("{factor} an element"),
        Growth::Linearithmic => format!("{factor} · n log₂ n"),
        Growth::Quadratic => format!("{factor} · n²"),
        Growth::Cubic => format!("{factor} · n³"),
    };
    let smallest = fit.points.first().map_or(0.0, |point| point.time_ns);
    if model.constant_ns < WORTH_A_WORD * smallest {
        return growing;
    }
    format!("{growing} + {constant}")
}

/// `3.1 x at 4 threads, best near 11` and `contention 0.08, crosstalk 0.002`
fn threads_finding(
    record: &RunRecord,
    fit: &ScalingRecord,
    law: &ScalabilityLaw,
) -> (String, String) {
    let Some(most) = fit.points.last() else { return (String::new(), String::new()) };
    let gain = most.throughput() / law.lambda.estimate;
    let mut what = format!("{} x at {} threads", ratio(gain), most.n);
    if let Some(peak) = law.peak.filter(|peak| peak.estimate <= FORESEEABLE * most.n) {
        what = format!("{what}, best near {:.0}", peak.estimate);
    }
    let mut figures = format!(
        "contention {}, crosstalk {}",
        small(law.sigma.estimate),
        small(law.kappa.estimate)
    );
    if let Some(cpus) = record.environment.cpus.filter(|cpus| f64::from(*cpus) < most.n) {
        let plural = if cpus == 1 { "" } else { "s" };
        figures = format!("{figures}; {cpus} processor{plural} only");
    }
    (what, figures)
}

fn ratio(gain: f64) -> String {
    if gain < 9.95 { format!("{gain:.1}") } else { format!("{gain:.0}") }
}

/// A coefficient: two digits, no more than four places.
fn small(value: f64) -> String {
    match value {
        v if v < 0.000_05 => "0".to_owned(),
        v if v < 0.000_95 => format!("{v:.4}"),
        v if v < 0.0095 => format!("{v:.3}"),
        v if v < 9.95 => format!("{v:.2}"),
        v => format!("{v:.0}"),
    }
}

/// Every benchmark that grows faster than it promises.
pub(crate) fn push_exceeded(out: &mut String, record: &RunRecord, columns: usize, color: bool) {
    for fit in record.scaling.iter().filter(|fit| fit.is_exceeded()) {
        push_painted(out, "grows too fast", Paint::Bad, color);
        out.push_str("  ");
        out.push_str(&cut(&full_name(fit), columns.saturating_mul(3)));
        let case = fit.points.first().and_then(|point| record.case(point.case.as_str()));
        if let Some(source) = case.map(|case| &case.source).filter(|source| !source.file.is_empty())
        {
            let place = format!("   {}:{}", escape(&source.file), source.line);
            push_painted(out, &place, Paint::Dim, color);
        }
        end_line(out);
        let promised = fit.complexity.map_or("", Growth::name);
        let allowed = fit.complexity.map_or("", law_words);
        let laws = named_laws(fit);
        let line = format!("  grows like {laws}; `complexity = \"{promised}\"` allows {allowed}\n");
        out.push_str(&line);
        let mut missed = f64::INFINITY;
        for model in &fit.models {
            if Some(model.growth) <= fit.complexity {
                missed = missed.min(model.misfit);
            }
        }
        if missed.is_finite() {
            let line = format!(
                "  the best fit within that misses the points by {:.0} %\n",
                missed * 100.0
            );
            out.push_str(&line);
        }
        push_plot(out, fit, columns, color);
        out.push('\n');
    }
}

/// The words for that in the closing line.
pub(crate) fn exceeded_words(record: &RunRecord) -> Option<String> {
    match record.scaling.iter().filter(|fit| fit.is_exceeded()).count() {
        0 => None,
        1 => Some("1 grows too fast".to_owned()),
        many => Some(format!("{many} grow too fast")),
    }
}

/// The fit drawn, indented by two spaces; nothing where there is no fit or no room.
pub(crate) fn push_plot(out: &mut String, fit: &ScalingRecord, columns: usize, color: bool) {
    let is_growth = fit.law.is_none();
    let mut points = Vec::with_capacity(fit.points.len());
    for point in &fit.points {
        points.push((point.n, if is_growth { point.time_ns } else { point.throughput() }));
    }
    let curve = |n: f64| match (&fit.law, fit.best()) {
        (Some(law), _) => law.throughput(n),
        (None, Some(best)) => best.time_ns(n),
        // Not a number, so nothing is drawn.
        (None, None) => f64::NAN,
    };
    let y_label = |y: f64| if is_growth { time(y, None) } else { rate(y, None, Rate::Items) };
    let plot = Plot {
        points: &points,
        curve: &curve,
        x_title: if is_growth { "n" } else { "threads" },
        y_label: &y_label,
        may_be_logarithmic: is_growth,
    };
    let lines = plot_lines(&plot, columns.saturating_sub(2));
    for line in lines {
        out.push_str("  ");
        push_painted(out, &line, Paint::Dim, color);
        end_line(out);
    }
}
