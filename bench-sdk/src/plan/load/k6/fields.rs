//! The fields of a scenario of k6.

use crate::plan::load::pointed::suggestion;
use crate::plan::load::table::Table;
use crate::record::load::{ExecutorKind, LoadOptions};

const COMMON: [&str; 7] =
    ["executor", "startTime", "gracefulStop", "exec", "env", "tags", "options"];

/// Fields of the executor beside the common ones.
fn own(kind: ExecutorKind) -> &'static [&'static str] {
    match kind {
        ExecutorKind::ConstantVus => &["vus", "duration"],
        ExecutorKind::RampingVus => &["startVUs", "stages", "gracefulRampDown"],
        ExecutorKind::SharedIterations | ExecutorKind::PerVuIterations => {
            &["vus", "iterations", "maxDuration"]
        }
        ExecutorKind::ConstantArrivalRate => {
            &["rate", "timeUnit", "duration", "preAllocatedVUs", "maxVUs"]
        }
        ExecutorKind::RampingArrivalRate => {
            &["startRate", "timeUnit", "stages", "preAllocatedVUs", "maxVUs"]
        }
    }
}

/// Reads one scenario.
pub(super) fn scenario(fields: Table<'_>) -> Result<LoadOptions, String> {
    let kind = executor(fields)?;
    check_names(fields, kind)?;
    if fields.get("options").is_some() {
        return fields.refuse("options", "asks for a browser, which load tests do not drive");
    }
    if kind.is_open() && fields.get("preAllocatedVUs").is_none() {
        return Err(format!(
            "`{}` has no `preAllocatedVUs`, which {kind} needs: virtual users made ready before \
             the start",
            fields.path
        ));
    }
    Ok(LoadOptions {
        executor: Some(kind),
        vus: fields.whole("vus")?,
        duration: fields.time("duration")?,
        stages: fields.stages("stages")?,
        iterations: fields.whole("iterations")?,
        max_duration: fields.time("maxDuration")?,
        rate: fields.whole("rate")?,
        time_unit: fields.time("timeUnit")?,
        start_rate: fields.whole("startRate")?,
        start_vus: fields.whole("startVUs")?,
        pre_allocated_vus: fields.whole("preAllocatedVUs")?,
        max_vus: fields.whole("maxVUs")?,
        start_time: fields.time("startTime")?,
        graceful_stop: fields.time("gracefulStop")?,
        graceful_ramp_down: fields.time("gracefulRampDown")?,
        exec: fields.text("exec")?,
        env: fields.texts("env")?,
        tags: fields.texts("tags")?,
        ..LoadOptions::default()
    })
}

fn executor(fields: Table<'_>) -> Result<ExecutorKind, String> {
    let names = ExecutorKind::ALL.map(ExecutorKind::name);
    let Some(name) = fields.text("executor")? else {
        let path = fields.path;
        return Err(format!("`{path}` has no `executor`; accepted: {}", names.join(", ")));
    };
    if name == "externally-controlled" {
        let wrong = "is externally-controlled: a test here is not steered from outside; \
                     give it stages with ramping-vus";
        return fields.refuse("executor", wrong);
    }
    match names.iter().position(|known| *known == name) {
        Some(at) => Ok(ExecutorKind::ALL[at]),
        None => {
            let help = suggestion(&name, names);
            fields.refuse("executor", &format!("is '{name}', which is no executor; {help}"))
        }
    }
}

fn check_names(fields: Table<'_>, kind: ExecutorKind) -> Result<(), String> {
    let accepted: Vec<&str> = COMMON[..6].iter().chain(own(kind)).copied().collect();
    let is_known = |name: &str| accepted.contains(&name) || name == "options";
    let Some((name, _)) = fields.entries().find(|(name, _)| !is_known(name)) else {
        return Ok(());
    };
    let of_another = ExecutorKind::ALL.into_iter().any(|kind| own(kind).contains(&name));
    if of_another {
        let wrong = format!("does not fit {kind}; accepted: {}", accepted.join(", "));
        return fields.refuse(name, &wrong);
    }
    fields.only(&accepted)
}
