//! Options of `#[hub_bench(..)]`.

use proc_macro2::TokenStream;
use syn::{Error, Expr, LitStr, Result, Type};

use super::Given;
use super::common::Common;
use super::entry::{Entry, Value, entries};
use super::load::{LoadScenario, load_scenario};
use super::names::{BENCHMARK, COMMON, SETTINGS, unknown};
use super::value::{Literal, literal, peel};
use crate::errors::Errors;

/// What a benchmark is annotated with.
#[derive(Default)]
pub(crate) struct BenchOptions {
    /// Identity and settings.
    pub(crate) common: Common,
    /// The group it is shown in.
    pub(crate) group: Option<LitStr>,
    /// One case for each value.
    pub(crate) args: Option<Given<Expr>>,
    /// A fresh value for each iteration.
    pub(crate) inputs: Option<Given<Expr>>,
    /// One case for each type.
    pub(crate) types: Option<Given<Vec<Type>>>,
    /// One case for each constant.
    pub(crate) consts: Option<Given<Vec<Expr>>>,
    /// One case for each number of threads.
    pub(crate) threads: Option<Given<Expr>>,
    /// Makes the state.
    pub(crate) setup: Option<Given<Expr>>,
    /// Takes the state back.
    pub(crate) teardown: Option<Given<Expr>>,
    /// The runtime of an async benchmark.
    pub(crate) runtime: Option<Given<Runtime>>,
    /// Threads of that runtime.
    pub(crate) workers: Option<Given<Expr>>,
    /// Budgets.
    pub(crate) thresholds: Vec<LitStr>,
    /// The growth that is allowed over `args`.
    pub(crate) complexity: Option<Given<LitStr>>,
    /// A returned error is an outcome like any other.
    pub(crate) allow_err: bool,
    /// What makes it a load bench.
    pub(crate) load: Option<LoadScenario>,
    /// Makes what each virtual user has of its own.
    pub(crate) vu_setup: Option<Given<Expr>>,
    /// Something was not understood that could have given values to parameters, so that it is
    /// moot whether they lack any.
    pub(crate) incomplete: bool,
}

/// Options that give values to parameters.
const GIVES_VALUES: [&str; 6] = ["args", "inputs", "types", "consts", "setup", "vu_setup"];

/// The runtime of an async benchmark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Runtime {
    /// Everything on the measuring thread.
    CurrentThread,
    /// A pool of workers.
    MultiThread,
}

impl BenchOptions {
    /// Reads the options; mistakes are added to the errors.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let entries = entries(tokens, errors);
        options.incomplete = errors.any();
        for entry in entries {
            let Some(entry) = options.common.accept(entry, errors) else { continue };
            let option = entry.option.to_string();
            if option == "load" {
                options.load = Some(load_scenario(entry, errors));
                continue;
            }
            let judged_alone = BENCHMARK.contains(&&*option) && !GIVES_VALUES.contains(&&*option);
            if let Err(error) = options.accept(entry) {
                options.incomplete |= !judged_alone;
                errors.push(error);
            }
        }
        options.common.finish(errors);
        options
    }

    fn accept(&mut self, entry: Entry) -> Result<()> {
        let option = entry.option.to_string();
        match option.as_str() {
            "group" => self.group = Some(group(entry)?),
            "args" => self.args = Some(args(entry)?),
            "inputs" => self.inputs = Some(entry.expr("inputs = || vec![3, 1, 2]")?),
            "types" => self.types = Some(types(entry)?),
            "consts" => self.consts = Some(consts(entry)?),
            "threads" => self.threads = Some(threads(entry)?),
            "setup" => self.setup = Some(function(entry, "setup = make_pool")?),
            "teardown" => self.teardown = Some(function(entry, "teardown = close_pool")?),
            "runtime" => self.runtime = Some(runtime(entry)?),
            "workers" => self.workers = Some(workers(entry)?),
            "thresholds" => {
                self.thresholds = entry.texts("thresholds = [\"median < 10us\"]")?.value;
            }
            "complexity" => self.complexity = Some(entry.text("complexity = \"n log n\"")?),
            "allow_err" => self.allow_err = entry.flag()?.value,
            "vu_setup" => self.vu_setup = Some(function(entry, "vu_setup = log_in")?),
            _ => return Err(unknown(&entry.option, &[&COMMON, &SETTINGS, &BENCHMARK])),
        }
        Ok(())
    }
}

fn group(entry: Entry) -> Result<LitStr> {
    let given = entry.text("group = \"parsing\"")?;
    if given.value.value().trim().is_empty() {
        return Err(Error::new_spanned(&given.value, "`group` cannot be empty"));
    }
    Ok(given.value)
}

fn args(entry: Entry) -> Result<Given<Expr>> {
    let given = entry.expr("args = [10, 100, 1000]")?;
    if literal(&given.value).is_some() {
        let message = "`args` takes something to iterate over, such as `args = [10, 100, 1000]`";
        return Err(Error::new_spanned(&given.value, message));
    }
    if matches!(&given.value, Expr::Array(array) if array.elems.is_empty()) {
        return Err(Error::new_spanned(&given.value, "`args` is empty: there is no case to run"));
    }
    Ok(given)
}

fn types(entry: Entry) -> Result<Given<Vec<Type>>> {
    let Entry { option, value } = entry;
    let Value::Types(value) = value else {
        let message = "`types` needs a value, such as `types = [u32, String]`";
        return Err(Error::new(option.span(), message));
    };
    if value.is_empty() {
        return Err(Error::new(option.span(), "`types` is empty: there is no case to run"));
    }
    Ok(Given { option, value })
}

fn consts(entry: Entry) -> Result<Given<Vec<Expr>>> {
    let given = entry.list("consts = [4, 8]")?;
    if given.value.is_empty() {
        return Err(Error::new(given.option.span(), "`consts` is empty: there is no case to run"));
    }
    Ok(given)
}

fn threads(entry: Entry) -> Result<Given<Expr>> {
    let given = entry.expr("threads = [1, 4]` or `threads = true")?;
    match peel(&given.value) {
        Expr::Array(array) if array.elems.is_empty() => {
            return Err(Error::new_spanned(array, "`threads` is empty: there is no case to run"));
        }
        Expr::Array(array) => array.elems.iter().try_for_each(thread_count)?,
        other if literal(other) == Some(Literal::Bool(true)) => {}
        other => thread_count(other)?,
    }
    Ok(given)
}

fn thread_count(expr: &Expr) -> Result<()> {
    let message = match literal(expr) {
        None | Some(Literal::Int(1..)) => return Ok(()),
        Some(Literal::Int(0)) => "0 threads run nothing; `true` means one for each processor",
        _ => "`threads` takes a number, a list of numbers, or `true` for one for each processor",
    };
    Err(Error::new_spanned(expr, message))
}

/// An option that names a function, or writes one.
fn function(entry: Entry, example: &str) -> Result<Given<Expr>> {
    let given = entry.expr(example)?;
    if matches!(peel(&given.value), Expr::Path(_) | Expr::Closure(_)) {
        return Ok(given);
    }
    let message =
        format!("`{}` takes a function without calling it, such as `{example}`", given.option);
    Err(Error::new_spanned(&given.value, message))
}

fn runtime(entry: Entry) -> Result<Given<Runtime>> {
    let Given { option, value } = entry.text("runtime = \"multi_thread\"")?;
    let value = match value.value().as_str() {
        "current_thread" => Runtime::CurrentThread,
        "multi_thread" => Runtime::MultiThread,
        _ => {
            let message = "`runtime` is `\"current_thread\"` or `\"multi_thread\"`";
            return Err(Error::new_spanned(value, message));
        }
    };
    Ok(Given { option, value })
}

fn workers(entry: Entry) -> Result<Given<Expr>> {
    let given = entry.expr("workers = 4")?;
    if matches!(literal(&given.value), None | Some(Literal::Int(1..))) {
        return Ok(given);
    }
    let message = "`workers` takes a whole number of at least 1, such as `workers = 4`";
    Err(Error::new_spanned(&given.value, message))
}
