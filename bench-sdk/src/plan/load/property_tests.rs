//! What must hold of every text, from seeded generators.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use super::k6::parse_options;
use super::threshold::{parse_line, parse_threshold};
use crate::record::load::{Aggregation, Operator};
use crate::stats::Rng;

struct Dice(Rng);

impl Dice {
    /// One of so many, evenly.
    fn below(&mut self, many: usize) -> usize {
        // The fraction of a normal deviate times a large number is even enough.
        ((self.0.normal().abs() * 1e6).fract() * many as f64) as usize % many
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn space(&mut self) -> &'static str {
        self.of(&["", " ", "  ", "\t"])
    }
}

#[test]
fn what_is_written_is_what_is_read() {
    let mut dice = Dice(Rng::new(11));
    let operators = [
        ("<", Operator::Less),
        ("<=", Operator::LessOrEqual),
        (">", Operator::Greater),
        (">=", Operator::GreaterOrEqual),
        ("==", Operator::Equal),
        ("===", Operator::Equal),
        ("!=", Operator::NotEqual),
    ];
    for _ in 0..2_000 {
        let percent = dice.below(1_001) as f64 / 10.0;
        let (method, aggregation) = match dice.below(3) {
            0 => ("avg".to_owned(), Aggregation::Avg),
            1 => ("max".to_owned(), Aggregation::Max),
            _ => (format!("p({percent})"), Aggregation::Percentile(percent)),
        };
        let (sign, operator) = dice.of(&operators);
        let number = dice.below(100_000) as f64 / 8.0;
        let (unit, factor) = dice.of(&[("", 1e6), ("us", 1e3), ("ms", 1e6), ("s", 1e9)]);
        let (a, b, c, d) = (dice.space(), dice.space(), dice.space(), dice.space());
        let text = format!("{a}{method}{b}{sign}{c}{number}{unit}{d}");
        let read = parse_threshold("response", &text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((read.aggregation, read.operator), (aggregation, operator), "{text}");
        assert!((read.value - number * factor).abs() <= read.value * 1e-12, "{text}");
        // A key with everything in it is read back as the same series.
        let line = format!("response{{a:{percent},phase:spike}}:{text}, window={number}s");
        if number > 0.0 {
            let read = parse_line(&line).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(read.series_key(), format!("response{{a:{percent},phase:spike}}"));
        }
    }
}

const LINE: &str = "http_req_duration{status:200, é:'x'}: p(99.9) <= 1.5e3ms, abort_on_fail, \
                    window = 30s, phase = spike";
const SCRIPT: &str = "import x from 'k6'; /* é */ export const options = { vus: 1_0, \
    stages: [{ duration: `1m`, target: 3 }], thresholds: { checks: [{ threshold: \"rate>0.9\", \
    abortOnFail: true }] }, tags: { a: 'b\\'c' } }; // end\nexport default function () {}";

/// The text with some of its characters dropped, doubled or replaced.
fn damaged(dice: &mut Dice, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(4) {
        let at = dice.below(characters.len());
        match dice.below(3) {
            0 => drop(characters.remove(at)),
            1 => characters.insert(at, characters[at]),
            _ => characters[at] = dice.of(&['{', '}', '`', '"', ':', '<', '(', 'é', '\n', '0']),
        }
    }
    characters.truncate(characters.len() - dice.below(3) * dice.below(characters.len() / 2));
    characters.into_iter().collect()
}

#[test]
fn damaged_texts_are_read_or_refused_with_words() {
    let mut dice = Dice(Rng::new(5));
    let mut refused = 0;
    for _ in 0..2_000 {
        let line = damaged(&mut dice, LINE);
        let script = damaged(&mut dice, SCRIPT);
        let errors = [parse_line(&line).err(), parse_options("o.js", &script).err()];
        for error in errors.into_iter().flatten() {
            refused += 1;
            assert!(error.len() > 10, "{error}");
        }
    }
    assert!(refused > 2_000, "{refused}");
    assert!(parse_line(LINE).is_ok() && parse_options("o.js", SCRIPT).is_ok());
}

#[test]
fn an_object_is_the_same_however_it_is_wrapped() {
    let mut dice = Dice(Rng::new(17));
    for _ in 0..300 {
        let (vus, seconds) = (1 + dice.below(500), 1 + dice.below(5_000));
        let quote = dice.of(&["'", "\"", "`"]);
        let comma = dice.of(&["", ","]);
        let comment = dice.of(&["", "// }\n", "/* { */"]);
        let object = format!(
            "{{{comment}vus: {vus}, duration: {quote}{seconds}s{quote},{comment} \
             tags: {{ t: {quote}x{{y{quote}{comma} }}{comma} }}"
        );
        let bare = parse_options("o", &object).unwrap_or_else(|e| panic!("{object}\n{e}"));
        let before = dice.of(&["export const ", "export let ", "const ", "import 'x';\nvar "]);
        let after = dice.of(&["", ";", ";\nfunction f() { return `}`; }"]);
        let wrapped = format!("{comment}{before}options = {object}{after}");
        let wrapped = parse_options("o", &wrapped).unwrap_or_else(|e| panic!("{wrapped}\n{e}"));
        assert_eq!(wrapped.layer, bare.layer);
        assert_eq!(bare.layer.options.vus, Some(vus as u64));
    }
}
