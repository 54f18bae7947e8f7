//! Output files of several bench binaries that make one run.

use std::ffi::OsString;
use std::io;

use super::outputs::{Output, add_reporters, written};
use super::usage::UsageError;
use super::values::{columns, output_format};
use crate::record::{Event, RunRecord, Status};
use crate::report::{Columns, Fanout};

/// The outputs that were asked for, looked at before anything is measured.
pub(crate) struct SharedOutputs {
    fanout: Fanout,
    outputs: Vec<Output>,
}

impl SharedOutputs {
    /// Takes `--output-format` and `--output` out of flags that are meant for bench binaries: each
    /// of them would overwrite what the one before it wrote.
    pub(crate) fn take_from(flags: &mut Vec<OsString>) -> Result<Self, UsageError> {
        let mut outputs: Vec<Output> = Vec::new();
        let mut table = Columns::default();
        let mut others = Vec::new();
        let mut rest = std::mem::take(flags).into_iter();
        while let Some(flag) = rest.next() {
            let text = flag.to_string_lossy().into_owned();
            let (name, given) = match text.split_once('=') {
                Some((name, value)) => (name, Some(OsString::from(value))),
                None => (text.as_str(), None),
            };
            if !["--output-format", "--output", "--columns"].contains(&name) {
                others.push(flag);
                continue;
            }
            let value = given.or_else(|| rest.next());
            let value = value.ok_or_else(|| UsageError::new(format!("`{name}` needs a value")))?;
            match (name, outputs.last_mut()) {
                ("--output-format", _) => {
                    let format = output_format(&value.to_string_lossy())?;
                    outputs.push(Output { format, file: None });
                }
                ("--columns", _) => {
                    table = columns(&value.to_string_lossy())?;
                    others.extend(["--columns".into(), value]);
                }
                (_, Some(Output { file: file @ None, .. })) => *file = Some(value.into()),
                _ => {
                    let message = "`--output` needs an `--output-format` before it";
                    return Err(UsageError::new(message));
                }
            }
        }
        *flags = others;
        Self::open(outputs, &table)
    }

    fn open(outputs: Vec<Output>, columns: &Columns) -> Result<Self, UsageError> {
        let mut fanout = Fanout::new();
        // No benchmark runs in this process: nothing else prints there.
        add_reporters(&mut fanout, &outputs, columns, Box::new(io::stdout()))?;
        Ok(Self { fanout, outputs })
    }

    /// Whether a format has standard output for itself.
    pub(crate) fn is_on_stdout(&self) -> bool {
        self.outputs.iter().any(Output::takes_stdout)
    }

    /// Writes the finished run; gives the lines that say where, or what failed.
    pub(crate) fn finish(mut self, record: &RunRecord) -> Result<String, Vec<String>> {
        for case in &record.cases {
            let record = case.clone();
            let failed = case.status.is_broken() || case.status == Status::BudgetFailed;
            self.fanout.send(&if failed {
                Event::CaseFailed { record }
            } else {
                Event::CaseFinished { record }
            });
        }
        self.fanout.send(&Event::RunFinished { record: record.clone(), folder: None });
        let failures = self.fanout.failures();
        if failures.is_empty() { Ok(written(&self.outputs)) } else { Err(failures) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str) -> Result<(String, usize), String> {
        let mut flags: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let outputs = SharedOutputs::take_from(&mut flags).map_err(|error| error.to_string())?;
        let words: Vec<_> = flags.iter().map(|flag| flag.to_string_lossy()).collect();
        Ok((words.join(" "), outputs.outputs.len()))
    }

    #[test]
    fn outputs_are_taken_and_the_rest_stays() {
        assert_eq!(taken("--quick --output-format json -q"), Ok(("--quick -q".to_owned(), 1)));
        assert_eq!(taken("--skip x --columns=time"), Ok(("--skip x --columns time".to_owned(), 0)));
        assert!(taken("--output-format=jsn").is_err_and(|error| error.contains("`json`")));
        assert!(taken("--output x").is_err_and(|error| error.contains("before it")));
        assert!(taken("--output-format").is_err_and(|error| error.contains("needs a value")));
        let two = taken("--output-format json --output-format terse");
        assert!(two.is_err_and(|error| error.contains("mix on stdout")));
        let tree = taken("--output-format criterion");
        assert!(tree.is_err_and(|error| error.contains("needs `--output DIR`")));
    }
}
