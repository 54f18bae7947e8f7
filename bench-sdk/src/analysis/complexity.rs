//! Whether a benchmark grows as its `complexity` promises.

use super::Conditions;
use crate::record::{ComplexityVerdict, Growth, ScalingRecord};
use crate::stats::MIN_SIZES;

/// Weight that decides.
const DECISIVE: f64 = 0.9;
/// How far the best law within the promise may miss the points (weighted quadratic mean of the
/// relative residuals) and the promise still hold, whatever the weights say.
///
/// Weights compare laws; they do not know that none of them is the machine's. A linear function
/// whose cost an element rises by 30 % once the data leaves a cache misses the best line by up to
/// 13 %, by up to 24 % if that happens twice, and `n log n` describes it better. On the other side,
/// `n log n` over sizes from 16 to 4096 misses the best line by 38 %, over 64 to 16384 by 30 %, and
/// `n^2` over no more than a factor of four by 44 %. A quarter stands between. By simulation with
/// noise of up to 5 %, linear code then fails never for one step and in 1 % for two, and `n^2` is
/// found always, `n log n` over 64 to 16384 in 99 %. What it costs: where the logarithm of the size
/// does not about double over the range, `n log n` passes for `n`.
const TOLERANCE: f64 = 0.25;

/// The verdict on the fitted growth, and the reason of one that is inconclusive. `has_sizes`
/// says whether the cases have sizes at all.
pub(super) fn judge(
    asserted: Growth,
    fitted: &ScalingRecord,
    has_sizes: bool,
    conditions: Conditions,
) -> (ComplexityVerdict, Option<String>) {
    let inconclusive = |reason: String| (ComplexityVerdict::Inconclusive, Some(reason));
    if !has_sizes {
        return inconclusive(
            "the arguments are not whole numbers, and no `items_count` differs between them".into(),
        );
    }
    let sizes = distinct_sizes(fitted);
    if sizes < MIN_SIZES {
        let plural = if sizes == 1 { "" } else { "s" };
        return inconclusive(format!("{sizes} size{plural} with a time; it takes {MIN_SIZES}"));
    }
    if conditions.test {
        return inconclusive("each case was run once, not measured".into());
    }
    if !conditions.optimized {
        return inconclusive("it binds only where an optimised build is measured".into());
    }
    let (allowed, worse): (Vec<_>, Vec<_>) =
        fitted.models.iter().partition(|model| model.growth <= asserted);
    let weight = |models: &[&crate::record::GrowthModel]| -> f64 {
        models.iter().map(|model| model.weight).sum()
    };
    let misfit = allowed.iter().map(|model| model.misfit).fold(f64::INFINITY, f64::min);
    if weight(&allowed) >= DECISIVE || misfit <= TOLERANCE {
        (ComplexityVerdict::Held, None)
    } else if weight(&worse) >= DECISIVE {
        (ComplexityVerdict::Exceeded, None)
    } else {
        inconclusive("the points do not tell it from faster growth".into())
    }
}

fn distinct_sizes(fitted: &ScalingRecord) -> usize {
    let steps = fitted.points.windows(2).filter(|pair| pair[0].n < pair[1].n).count();
    steps + usize::from(!fitted.points.is_empty())
}
