//! The options of load tests.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::Arg;

use super::super::outputs::check_apart;
use super::super::usage::{UsageError, shortened};
use super::super::values::{color, number, text, time, value};
use super::belonging;
use super::usage::NAMES;
use crate::plan::load::{Profile, ProfileOptions};
use crate::plan::nearest;
use crate::record::load::{LoadOptions, Stage, ThresholdOption};
use crate::report::LoadFormat;
use crate::resource::Watched;

/// What the command line asks of a load test.
#[derive(Debug)]
pub(crate) struct LoadArguments {
    pub(crate) help: bool,
    /// `load`, `stress` or `spike`.
    pub(crate) profile: Profile,
    /// What stands alone: the target.
    pub(crate) words: Vec<String>,
    /// Settings of the command's own profile.
    pub(crate) of_profile: ProfileOptions,
    /// Settings of the scenario.
    pub(crate) scenario: LoadOptions,
    /// `--options FILE`
    pub(crate) options_file: Option<PathBuf>,
    pub(crate) http: HttpArguments,
    pub(crate) allow_hosts: Vec<String>,
    pub(crate) threads: Option<u64>,
    pub(crate) time_scale: f64,
    pub(crate) seed: Option<u64>,
    pub(crate) watched: Option<Watched>,
    pub(crate) outputs: Vec<LoadOutput>,
    pub(crate) color: Option<bool>,
    pub(crate) quiet: bool,
}

/// Settings of requests.
#[derive(Debug, Default)]
pub(crate) struct HttpArguments {
    /// `--requests FILE`
    pub(crate) requests: Option<PathBuf>,
    pub(crate) method: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) body_file: Option<PathBuf>,
    pub(crate) expect: Option<String>,
    pub(crate) timeout: Option<std::time::Duration>,
    pub(crate) redirects: Option<u64>,
    pub(crate) new_connections: bool,
    pub(crate) insecure: bool,
    pub(crate) http2: bool,
}

impl HttpArguments {
    /// The first option that says what is sent, for whom nothing can be sent to.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        let given = [
            (self.requests.is_some(), "--requests"),
            (self.method.is_some(), "--method"),
            (!self.headers.is_empty(), "--header"),
            (self.body.is_some(), "--body"),
            (self.body_file.is_some(), "--body-file"),
            (self.expect.is_some(), "--expect"),
            (self.timeout.is_some(), "--timeout"),
            (self.redirects.is_some(), "--redirects"),
            (self.new_connections, "--new-connections"),
            (self.insecure, "--insecure"),
            (self.http2, "--http2"),
        ];
        given.into_iter().find(|(is_given, _)| *is_given).map(|(_, name)| name)
    }
}

/// A format, and the file it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoadOutput {
    pub(crate) format: LoadFormat,
    /// Standard output if not given.
    pub(crate) file: Option<PathBuf>,
}

impl LoadArguments {
    fn new(profile: Profile) -> Self {
        Self {
            help: false,
            profile,
            words: Vec::new(),
            of_profile: ProfileOptions::default(),
            scenario: LoadOptions::default(),
            options_file: None,
            http: HttpArguments::default(),
            allow_hosts: Vec::new(),
            threads: None,
            time_scale: 1.0,
            seed: None,
            watched: None,
            outputs: Vec::new(),
            color: None,
            quiet: false,
        }
    }

    /// Reads what stands behind the verb.
    pub(crate) fn parse(
        profile: Profile,
        raw: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, UsageError> {
        let mut parser = lexopt::Parser::from_args(raw);
        let mut read = Self::new(profile);
        while let Some(argument) =
            parser.next().map_err(|error| UsageError::new(error.to_string()))?
        {
            match argument {
                Arg::Value(word) => read.words.push(text("argument", word)?),
                Arg::Short('h') => read.help = true,
                Arg::Short('q') => read.quiet = true,
                Arg::Short(name) => return Err(unknown(&format!("-{name}"))),
                Arg::Long(name) => {
                    let name = name.to_owned();
                    read.long(&name, &mut parser)?;
                }
            }
        }
        read.check()
    }

    fn long(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<(), UsageError> {
        match name {
            "help" => self.help = true,
            "quiet" => self.quiet = true,
            // cargo adds it behind the user's arguments.
            "bench" => {}
            "new-connections" => self.http.new_connections = true,
            "insecure" => self.http.insecure = true,
            "http2" => self.http.http2 = true,
            _ if !NAMES.contains(&name) => return Err(unknown(&format!("--{name}"))),
            _ => {
                let given = value(parser, name)?;
                if !self.of_course(name, &given)? && !self.of_requests(name, &given)? {
                    self.of_run(name, &given)?;
                }
            }
        }
        Ok(())
    }

    /// Options that say when iterations start; whether it was one.
    fn of_course(&mut self, name: &str, given: &str) -> Result<bool, UsageError> {
        let (profile, scenario) = (&mut self.of_profile, &mut self.scenario);
        match name {
            "concurrency" => profile.concurrency = Some(number(name, given)?),
            "max-connections" => profile.max_connections = Some(number(name, given)?),
            "spike-duration" => profile.spike_duration = Some(time(name, given)?),
            "spike-rate" => profile.spike_rate = Some(number(name, given)?),
            "rate" => profile.rate = Some(number(name, given)?),
            "duration" => profile.duration = Some(time(name, given)?),
            "executor" => scenario.executor = Some(wrong(name, given.parse())?),
            "vus" => scenario.vus = Some(number(name, given)?),
            "iterations" => scenario.iterations = Some(number(name, given)?),
            "stage" => {
                scenario.stages.get_or_insert_default().push(stage(given)?);
            }
            "start-vus" => scenario.start_vus = Some(number(name, given)?),
            "start-rate" => scenario.start_rate = Some(number(name, given)?),
            "pre-allocated-vus" => scenario.pre_allocated_vus = Some(number(name, given)?),
            "max-vus" => scenario.max_vus = Some(number(name, given)?),
            "max-duration" => scenario.max_duration = Some(time(name, given)?),
            "graceful-stop" => scenario.graceful_stop = Some(length(name, given)?),
            "threshold" => {
                let thresholds = scenario.thresholds.get_or_insert_default();
                thresholds.push(ThresholdOption::from(given));
            }
            "env" => pair(name, given, '=').map(|(k, v)| drop(scenario.env.insert(k, v)))?,
            "tag" => pair(name, given, '=').map(|(k, v)| drop(scenario.tags.insert(k, v)))?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Options that say what is sent; whether it was one.
    fn of_requests(&mut self, name: &str, given: &str) -> Result<bool, UsageError> {
        let http = &mut self.http;
        match name {
            "requests" => http.requests = Some(given.into()),
            "method" => http.method = Some(given.to_owned()),
            "header" => http.headers.push(pair(name, given, ':')?),
            "body" => http.body = Some(given.to_owned()),
            "body-file" => http.body_file = Some(given.into()),
            "expect" => http.expect = Some(given.to_owned()),
            "timeout" => http.timeout = Some(time(name, given)?),
            "redirects" => http.redirects = Some(number(name, given)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Options of the run as a whole.
    fn of_run(&mut self, name: &str, given: &str) -> Result<(), UsageError> {
        match name {
            "options" => self.options_file = Some(given.into()),
            "allow-host" => self.allow_hosts.push(given.to_owned()),
            "threads" => self.threads = Some(threads(number(name, given)?)?),
            "time-scale" => self.time_scale = scale(given)?,
            "seed" => self.seed = Some(number(name, given)?),
            "target-pid" => {
                let id = number(name, given)?;
                let id = u32::try_from(id).map_err(|_| {
                    UsageError::new(format!("`--target-pid`: {id} is no number of a process"))
                })?;
                self.watched = Some(Watched::Process(id));
            }
            "target-cgroup" => self.watched = Some(Watched::Cgroup(given.into())),
            "output-format" => {
                let format = LoadFormat::from_name(given).ok_or_else(|| no_format(given))?;
                self.outputs.push(LoadOutput { format, file: None });
            }
            "output" => match self.outputs.last_mut() {
                Some(output) if output.file.is_none() => output.file = Some(given.into()),
                _ => {
                    return Err(UsageError::new("`--output` belongs behind an `--output-format`")
                        .help(format!("--output-format json --output {}", shortened(given))));
                }
            },
            _ => self.color = color(given)?,
        }
        Ok(())
    }

    fn check(self) -> Result<Self, UsageError> {
        if self.outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
            return Err(UsageError::new(
                "two output formats without `--output` would mix on stdout",
            )
            .help("give all but one a file: --output-format json --output load.json"));
        }
        check_apart(self.outputs.iter().filter_map(|output| output.file.as_deref()))?;
        if self.http.body.is_some() && self.http.body_file.is_some() {
            return Err(UsageError::new("`--body` and `--body-file` exclude each other"));
        }
        if !self.help {
            belonging::check(&self)?;
        }
        Ok(self)
    }
}

fn unknown(name: &str) -> UsageError {
    let error = UsageError::new(format!("unknown option `{}`", shortened(name)));
    if name == "--format" {
        return error.help("did you mean `--output-format`?");
    }
    match nearest(name.trim_start_matches('-'), NAMES) {
        Some(near) => error.help(format!("did you mean `--{near}`?")),
        None => error.help("--help lists them"),
    }
}

fn no_format(given: &str) -> UsageError {
    let error = UsageError::new(format!("there is no format `{}`", shortened(given)));
    if let Some(near) = nearest(given, LoadFormat::names()) {
        return error.help(format!("did you mean `{near}`?"));
    }
    let names: Vec<&str> = LoadFormat::names().collect();
    error.help(format!("there are {}", names.join(", ")))
}

fn wrong<T>(name: &str, read: Result<T, String>) -> Result<T, UsageError> {
    read.map_err(|error| UsageError::new(format!("`--{name}`: {error}")))
}

/// Threads of the generator; more than any machine has processors are a slip.
fn threads(number: u64) -> Result<u64, UsageError> {
    const MOST: u64 = 4096;
    if number > MOST {
        return Err(UsageError::new(format!(
            "`--threads`: {number} are more than the {MOST} that there may be"
        )));
    }
    some("threads", number)
}

fn some(name: &str, number: u64) -> Result<u64, UsageError> {
    if number > 0 {
        return Ok(number);
    }
    Err(UsageError::new(format!("`--{name}`: 0 is none, which is nothing to do")))
}

/// A length of time that may be none.
fn length(name: &str, given: &str) -> Result<std::time::Duration, UsageError> {
    wrong(name, crate::record::parse_duration(given))
}

fn scale(given: &str) -> Result<f64, UsageError> {
    let parsed = given.parse::<f64>().ok().filter(|scale| scale.is_finite() && *scale > 0.0);
    parsed.ok_or_else(|| {
        UsageError::new(format!("`--time-scale`: `{}` is no positive number", shortened(given)))
            .help("0.1 makes everything ten times shorter")
    })
}

/// `30s:100`
fn stage(given: &str) -> Result<Stage, UsageError> {
    let wrong = || {
        UsageError::new(format!("`--stage`: `{}` is no stage", shortened(given)))
            .help("a length of time and where it leads: --stage 30s:100")
    };
    let (length, target) = given.split_once(':').ok_or_else(wrong)?;
    let duration = crate::record::parse_duration(length.trim()).map_err(|_| wrong())?;
    let target = target.trim().parse().map_err(|_| wrong())?;
    let duration_ns = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    Ok(Stage { duration_ns, target })
}

fn pair(name: &str, given: &str, between: char) -> Result<(String, String), UsageError> {
    match given.split_once(between) {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(UsageError::new(format!(
            "`--{name}`: `{}` is not of the form NAME{between}VALUE",
            shortened(given)
        ))),
    }
}
