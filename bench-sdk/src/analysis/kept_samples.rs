//! The samples that stay in a record.

use super::estimate::{Floor, counting, launch_median};
use crate::bencher::LaunchSamples;
use crate::stats::{median, rounded, thinned};

/// Samples of a case that are kept, over all its launches: enough for a curve of how they are spread
/// and for their course, and about two kilobytes.
const MOST: usize = 256;
/// Digits that are kept of them.
const DIGITS: usize = 6;

/// For each launch the samples that are kept of it, in their order, in nanoseconds an iteration.
pub(super) fn kept_samples(launches: &[LaunchSamples], floor: Floor) -> Vec<Vec<f64>> {
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    // All or none of them stand clear of the loop, as their median does, or they would fall apart.
    let is_hidden = median(&medians).is_none_or(|raw| floor.hides(raw));
    let loop_ns = if is_hidden { 0.0 } else { floor.loop_ns };
    let share = (MOST / launches.len().max(1)).max(1);
    let kept = |launch: &LaunchSamples| {
        let times = thinned(&counting(launch), share);
        times.iter().map(|ns| rounded((ns - loop_ns).max(0.0), DIGITS)).collect()
    };
    launches.iter().map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{launch, launches};
    use crate::bencher::Sample;

    const FLOOR: Floor = Floor { loop_ns: 0.3, high_ns: 0.6 };

    fn rising(count: u64) -> LaunchSamples {
        let sample =
            |at| Sample { iterations: 1, elapsed_ns: 100.0 + at as f64, voided: at % 2 == 1 };
        LaunchSamples { samples: (0..count).map(sample).collect(), ..launch(1.0) }
    }

    #[test]
    fn many_are_thinned_in_their_order_and_disturbed_ones_left_out() {
        let kept = kept_samples(&[rising(1_000), rising(10), rising(1_000)], FLOOR);
        assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [85, 5, 85]);
        assert_eq!(kept[1], [99.7, 101.7, 103.7, 105.7, 107.7]);
        assert!(kept[0].is_sorted() && kept[0][84] > 1_050.0, "{:?}", kept[0]);
    }

    #[test]
    fn the_bound_holds_for_many_launches() {
        for count in [1, 7, 40, 256] {
            let kept = kept_samples(&launches(&vec![10.0; count]), FLOOR);
            let all: usize = kept.iter().map(Vec::len).sum();
            assert!((40.min(MOST)..=MOST).contains(&all), "{all} of {count}");
        }
        assert!(kept_samples(&[], FLOOR).is_empty());
    }

    #[test]
    fn what_an_empty_loop_hides_is_left_as_it_is() {
        assert_eq!(kept_samples(&[launch(0.5)], FLOOR)[0][..2], vec![0.5, 0.5]);
    }
}
