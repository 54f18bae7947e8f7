//! Labels of samples and of series.

use std::collections::BTreeMap;

/// Labels in the order of their names: `scenario`, `name`, `method`, `status`, `url`, `proto`,
/// `expected_response`, `error_code`, `group`, `check`, and those of users.
pub type Tags = BTreeMap<String, String>;
