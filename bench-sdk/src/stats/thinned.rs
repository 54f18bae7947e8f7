//! A few of many values.

/// At most so many of the values, evenly over their order: of each stretch the one in its middle.
///
/// What is left shows a course and a distribution; of extremes it may lack some.
pub fn thinned(values: &[f64], most: usize) -> Vec<f64> {
    if values.len() <= most {
        return values.to_vec();
    }
    let middle = |stretch: usize| (2 * stretch + 1) * values.len() / (2 * most);
    (0..most).filter_map(|stretch| values.get(middle(stretch)).copied()).collect()
}

/// The value in so many significant digits; what is not finite stays what it is.
pub fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_gives_its_middle() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(thinned(&values, 4), [12.0, 37.0, 62.0, 87.0]);
        assert_eq!(thinned(&values, 100), values);
        assert_eq!(thinned(&values[..3], 2), [0.0, 2.0]);
        assert!(thinned(&values, 0).is_empty() && thinned(&[], 5).is_empty());
    }

    #[test]
    fn digits_are_significant_ones() {
        let short: Vec<f64> = [812.437_6, 0.000_123_456, 0.0].map(|v| rounded(v, 4)).into();
        assert_eq!(short, [812.4, 1.235e-4, 0.0]);
        assert!(rounded(f64::NAN, 4).is_nan());
    }
}
