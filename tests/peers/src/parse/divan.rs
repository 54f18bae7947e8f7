//! The table that divan prints. Its figures have at most four significant digits.

use std::collections::BTreeMap;

use crate::failure::{Context, Result};

/// Column of the median, counted from the one with the name and the fastest sample.
const MEDIAN: usize = 2;

/// The median of each benchmark on the top level of the tree, in nanoseconds.
pub(crate) fn divan_medians(table: &str) -> Result<BTreeMap<String, f64>> {
    let mut medians = BTreeMap::new();
    for line in table.lines() {
        let Some(row) = line.strip_prefix("├─ ").or_else(|| line.strip_prefix("╰─ "))
        else {
            continue;
        };
        let columns: Vec<&str> = row.split('│').collect();
        let name = row.split_whitespace().next();
        if let (Some(name), Some(text)) = (name, columns.get(MEDIAN)) {
            let median =
                duration_ns(text).context(|| format!("divan's median of `{name}`, `{text}`"))?;
            medians.insert(name.to_owned(), median);
        }
    }
    Ok(medians)
}

/// A length of time such as `12.34 µs`.
fn duration_ns(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let scale = match unit {
        "ps" => 1e-3,
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * scale)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const TABLE: &str = "\
Timer precision: 10 ns
divan_peer     fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ alloc       834.1 ns      │ 2.314 µs      │ 854.1 ns      │ 861.7 ns      │ 100     │ 1600
├─ dram        7.214 µs      │ 21.31 µs      │ 8.001 µs      │ 8.217 µs      │ 100     │ 100
├─ empty       0.001 ns      │ 0.006 ns      │ 0 ns          │ 0.001 ns      │ 100     │ 409600
╰─ syscall     101.2 ms      │ 1.2 s         │ 1.03 s        │ 1.1 s         │ 100     │ 409600
";

    #[test]
    fn medians_are_the_third_column() {
        let medians = divan_medians(TABLE).unwrap();
        let close = |name: &str, ns: f64| (medians[name] - ns).abs() < 1e-6;
        assert_eq!(medians.len(), 4);
        assert!(close("alloc", 854.1) && close("dram", 8001.0) && close("empty", 0.0));
        assert!(close("syscall", 1.03e9));
    }

    #[test]
    fn rows_without_figures_are_no_benchmarks_and_strange_ones_are_errors() {
        assert!(divan_medians("├─ group\n").unwrap().is_empty());
        assert!(divan_medians("├─ a  1 ns │ 1 ns │ 1 furlong │ 1 ns │ 1 │ 1\n").is_err());
    }
}
