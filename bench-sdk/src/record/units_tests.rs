//! Figures at the edges of their units, and properties over many magnitudes.
#![expect(clippy::unwrap_used, reason = "a failed parse fails the test")]

use super::*;

#[test]
fn figures_are_as_precise_as_their_interval() {
    assert_eq!(time(184.217, Some(0.74)), "184.2 ns");
    assert_eq!(time(184.217, Some(7.4)), "184 ns");
    assert_eq!(time(184.217, Some(74.0)), "180 ns");
    assert_eq!(time(184.217, Some(740.0)), "180 ns");
    assert_eq!(time(184.217, None), "184 ns");
    assert_eq!(time(184.217, Some(0.0)), "184.2 ns");
    assert_eq!(time(8_941.3, Some(54.0)), "8.94 µs");
    assert_eq!(time(2_310.4, Some(4.6)), "2.310 µs");
    assert_eq!(time(41_700.0, Some(880.0)), "41.7 µs");
    assert_eq!(time(0.312_4, Some(0.000_01)), "0.312 ns");
}

#[test]
fn rounding_moves_to_the_next_unit() {
    assert_eq!(time(999.97, Some(0.1)), "1.000 µs");
    assert_eq!(time(999.4, None), "999 ns");
    assert_eq!(time(999.6, None), "1.00 µs");
    assert_eq!(time(9.999_96, Some(0.0)), "10.00 ns");
    assert_eq!(time(3_599.6e9, Some(0.1)), "1.000 h");
    assert_eq!(time(1e308, None), ">9999 d");
    assert_eq!(time(1e-9, None), "<0.001 ns");
    assert_eq!(time(0.0, None), "0 ns");
    assert_eq!(time(f64::NAN, None), "?");
}

#[test]
fn rates_carry_their_prefix() {
    assert_eq!(rate(5_428_000.0, None, Rate::Items), "5.43 M/s");
    assert_eq!(rate(111_840.0, None, Rate::Items), "112 k/s");
    assert_eq!(rate(1.773e9, None, Rate::Items), "1.77 G/s");
    assert_eq!(rate(12.31e6, None, Rate::Bytes), "12.3 MB/s");
    assert_eq!(rate(3.2e9, None, Rate::Cycles), "3.20 GHz");
    assert_eq!(rate(2.5, None, Rate::Chars), "2.50 char/s");
    assert_eq!(rate(0.25, Some(0.01), Rate::Items), "0.25 /s");
}

#[test]
fn counts_stay_whole() {
    assert_eq!(count(0.0), "0");
    assert_eq!(count(1_234.0), "1234");
    assert_eq!(count(2.5), "2.50");
    assert_eq!(count(12_345.0), "12.3 k");
    assert_eq!((bytes(64.0), bytes(123_456.0)), ("64 B".to_owned(), "123 kB".to_owned()));
}

#[test]
fn a_figure_has_the_unit_of_its_metric() {
    let shown = |name: &str, estimate: f64| figure(name, &Metric::named(name, estimate).unwrap());
    assert_eq!(shown(metric_name::CPU, 1_500.0), "1.50 µs");
    assert_eq!(shown(metric_name::CPU_UTILISATION, 1.714), "171 %");
    assert_eq!(shown(metric_name::CPU_UTILISATION, 0.034), "3.4 %");
    assert_eq!(shown(metric_name::CPU_UTILISATION, 1e-6), "<0.1 %");
    assert_eq!(shown(metric_name::IPC, 1.714), "1.71");
    assert_eq!(shown(metric_name::OPS_PER_CPU_SECOND, 5.43e6), "5.43 M/s");
    assert_eq!(shown(metric_name::THROUGHPUT_CHARS, 5.43e6), "5.43 Mchar/s");
    assert_eq!(shown(metric_name::PEAK_RSS, 67_108_864.0), "67.1 MB");
    assert_eq!(shown(metric_name::FAULTS_MINOR, 0.25), "0.250");
    assert_eq!(shown(metric_name::ENERGY, 0.000_012_3), "12.3 µJ");
    assert_eq!(shown(metric_name::ENERGY, 0.999_9e-3), "1.00 mJ");
    assert_eq!(shown(metric_name::ENERGY, 42.0), "42.0 J");
}

#[test]
fn an_interval_names_its_unit_once() {
    let shown = |name: &str, low: f64, high: f64| {
        let mut metric = Metric::named(name, f64::midpoint(low, high)).unwrap();
        (metric.low, metric.high) = (Some(low), Some(high));
        interval(name, &metric)
    };
    assert_eq!(shown(metric_name::TIME, 12_100.0, 12_600.0).as_deref(), Some("12.1 to 12.6 µs"));
    assert_eq!(shown(metric_name::TIME, 900.0, 1_100.0).as_deref(), Some("900 ns to 1.1 µs"));
    assert_eq!(shown(metric_name::ALLOCS, 1.0, 3.0).as_deref(), Some("1 to 3"));
    assert_eq!(shown(metric_name::CPU_UTILISATION, 0.9, 1.1).as_deref(), Some("90 to 110 %"));
    assert_eq!(shown(metric_name::ALLOCS, 2.0, 2.0), None);
    assert_eq!(
        interval(metric_name::ALLOCS, &Metric::named(metric_name::ALLOCS, 1.0).unwrap()),
        None
    );
}

#[test]
fn intervals_are_short() {
    let shown: Vec<String> =
        [0.0, 1e-6, 0.000_3, 0.004, 0.0999, 0.6, 99.0].into_iter().map(plus_minus).collect();
    assert_eq!(
        shown,
        ["± 0 %", "± <0.01 %", "± 0.03 %", "± 0.4 %", "± 10 %", "± 60 %", "± >999 %"]
    );
}

#[test]
fn bounds_are_rounded_up() {
    assert_eq!(time_at_most(0.27), "≤ 0.3 ns");
    assert_eq!(time_at_most(0.7), "≤ 0.7 ns");
    assert_eq!(time_at_most(0.01), "≤ 0.1 ns");
    assert_eq!(time_at_most(1.23), "≤ 1.3 ns");
}

#[test]
fn durations_read_like_speech() {
    let shown: Vec<String> =
        [0.000_2, 0.4, 1.0, 9.96, 24.3, 185.0, 7_500.0, 200_000.0, 1e300, -1.0]
            .into_iter()
            .map(duration)
            .collect();
    assert_eq!(
        shown,
        [
            "200 µs",
            "400 ms",
            "1.0 s",
            "10 s",
            "24 s",
            "3 min 5 s",
            "2 h 5 min",
            "2 d 7 h",
            ">9999 d",
            "0 ns"
        ]
    );
}

/// Values from 10^-12 to 10^20 with all kinds of digits, from a fixed seed.
fn values() -> Vec<f64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut values: Vec<f64> = Vec::new();
    for step in 0..20_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let digits = 1.0 + (state >> 11) as f64 / (1_u64 << 53) as f64 * 9.0;
        values.push(digits * 10_f64.powi(step % 33 - 12));
    }
    values.sort_by(f64::total_cmp);
    values
}

fn parsed(text: &str, scales: &[Scale]) -> f64 {
    let (number, symbol) = text.split_once(' ').unwrap();
    let scale = scales.iter().find(|(_, s)| s.trim() == symbol).unwrap();
    number.trim_start_matches(['<', '>']).parse::<f64>().unwrap() * scale.0
}

#[test]
fn every_figure_is_short_close_and_in_order() {
    let mut before = 0.0;
    for value in values() {
        let text = time(value, None);
        let shown = parsed(&text, TIME);
        assert!(text.chars().count() <= 9 && !text.contains(['e', 'E']), "{text}");
        assert!(shown >= before * (1.0 - 1e-9), "{value} is shown as {text}");
        if (1.0..8e17).contains(&value) {
            assert!((shown / value - 1.0).abs() <= 0.005_1, "{value} is shown as {text}");
        }
        before = shown;
    }
}

#[test]
fn no_digit_is_shown_that_the_interval_denies() {
    for value in values() {
        for share in [1e-6, 1e-4, 0.003, 0.04, 0.5, 3.0] {
            let (text, width) = (time(value, Some(value * share)), value * share);
            assert!(text.chars().count() <= 9, "{text}");
            if !text.starts_with(['<', '>']) {
                let shown = parsed(&text, TIME);
                let allowed = width.max(value * 0.005_1).max(0.000_51);
                assert!((shown - value).abs() <= allowed * 1.001, "{value} ± {width}: {text}");
            }
            let digits = text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert!(digits.trim_start_matches('0').len() <= 4, "{text}");
        }
    }
}
