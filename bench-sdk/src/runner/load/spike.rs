//! What a spike test found.

use crate::analysis::load::recovery;
use crate::record::load::LoadRecord;

/// Adds how the target came back after the spike.
pub(super) fn judge(record: &mut LoadRecord) {
    record.recovery = recovery(&record.plan, &record.timeline);
}
