//! Options that need or exclude each other.

use syn::{Error, Expr, Signature};

use super::form::Form;
use crate::errors::Errors;
use crate::parse::{BenchOptions, Literal, Runtime, is_async, literal, peel};
use crate::suggest::nearest;

/// Growth that `complexity` knows.
const GROWTHS: [&str; 7] = ["1", "log n", "sqrt n", "n", "n log n", "n^2", "n^3"];

/// Reports options that do not go together or do not fit the function.
pub(super) fn check(
    signature: &Signature,
    options: &BenchOptions,
    form: &Form,
    errors: &mut Errors,
) {
    check_values(options, form, errors);
    check_inputs(signature, options, form, errors);
    check_state(options, errors);
    check_async(signature, options, form, errors);
    check_complexity(options, errors);
    check_times(options, errors);
}

/// Every parameter gets a value, and every value has a parameter.
fn check_values(options: &BenchOptions, form: &Form, errors: &mut Errors) {
    let (args, inputs) = (options.args.as_ref(), options.inputs.as_ref());
    match (form.params.as_slice(), args, inputs) {
        ([], Some(args), None) => {
            errors.at(
                &args.option,
                "`args` needs a parameter to go to, as in `fn sort(size: usize)`",
            );
        }
        ([], _, Some(inputs)) if !form.bencher => {
            let message = "`inputs` needs a parameter to go to, as in `fn sort(numbers: Vec<u32>)`";
            errors.at(&inputs.option, message);
        }
        ([first, ..], None, None) if !options.incomplete => {
            let what = first.described();
            let remedy = if form.bencher {
                "add `args = [..]`"
            } else {
                "add `args = [..]` or `inputs = ..`"
            };
            errors
                .push(Error::new(first.span(), format!("nothing gives {what} a value: {remedy}")));
        }
        ([_, second, ..], Some(_), None) => {
            let message = format!(
                "`args` fills in one parameter, so {} gets no value; take a tuple",
                second.described()
            );
            errors.push(Error::new(second.span(), message));
        }
        _ => {}
    }
}

fn check_inputs(signature: &Signature, options: &BenchOptions, form: &Form, errors: &mut Errors) {
    let Some(inputs) = &options.inputs else { return };
    if form.bencher {
        let message = "with a `Bencher`, inputs are made in the body: `bencher.with_inputs(..)`";
        errors.at(&inputs.option, message);
        return;
    }
    let (args, setup) = (options.args.is_some(), options.setup.is_some());
    match peel(&inputs.value) {
        Expr::Path(_) => {}
        Expr::Closure(closure) if is_async(closure) && signature.asyncness.is_none() => {
            let message = "`inputs` are awaited for an `async fn` only; `setup` may be async for \
                           any benchmark";
            errors.at(closure, message);
        }
        Expr::Closure(closure) => {
            let takes = closure.inputs.len();
            let offered = usize::from(args) + usize::from(setup);
            if takes == offered || (takes == 0 && !args) {
                return;
            }
            let wanted = match (setup, args) {
                (false, false) => "nothing: `|| ..`",
                (false, true) => "the argument: `|argument| ..`",
                (true, false) => "what `setup` made: `|state| ..`, or nothing: `|| ..`",
                (true, true) => "what `setup` made and the argument: `|state, argument| ..`",
            };
            errors.at(closure, format!("the closure of `inputs` takes {wanted}"));
        }
        other if args => {
            let message = "with `args`, `inputs` takes a closure of the argument: `|argument| ..`";
            errors.at(other, message);
        }
        _ => {}
    }
}

fn check_state(options: &BenchOptions, errors: &mut Errors) {
    if let Some(vu_setup) = &options.vu_setup {
        let message = "`vu_setup` is for load benches, whose virtual users it prepares; add \
                       `load(..)`, or use `setup`";
        errors.at(&vu_setup.option, message);
    }
    if let (Some(teardown), None) = (&options.teardown, &options.setup)
        && !options.incomplete
    {
        errors.at(&teardown.option, "`teardown` takes back what `setup` made; there is no `setup`");
    }
}

fn check_async(signature: &Signature, options: &BenchOptions, form: &Form, errors: &mut Errors) {
    if let Some(word) = &signature.asyncness {
        if form.bencher {
            let message = "an `async` function cannot take a `Bencher`; make it a plain function \
                           and use `bencher.bench_async(..)`";
            errors.at(word, message);
        }
        if let Some(threads) = &options.threads {
            let message = "`threads` is for plain functions; an async one has \
                           `runtime = \"multi_thread\"` and `workers`";
            errors.at(&threads.option, message);
        }
    } else {
        // The `setup` of a plain function may be async, which only the compiler can tell.
        let applies = form.bencher || options.setup.is_some();
        let options = [
            options.runtime.as_ref().map(|given| &given.option),
            options.workers.as_ref().map(|given| &given.option),
        ];
        for option in options.into_iter().flatten().filter(|_| !applies) {
            errors.at(
                option,
                format!("`{option}` is for async benchmarks; this function is not `async`"),
            );
        }
    }
    if let Some(workers) = &options.workers {
        let runtime = options.runtime.as_ref().map(|given| given.value);
        if runtime != Some(Runtime::MultiThread) {
            errors.at(&workers.option, "`workers` needs `runtime = \"multi_thread\"`");
        }
    }
}

fn check_complexity(options: &BenchOptions, errors: &mut Errors) {
    let Some(complexity) = &options.complexity else { return };
    let growth = complexity.value.value();
    if !GROWTHS.contains(&growth.as_str()) {
        let hint = nearest(&growth, GROWTHS).map(|name| format!("; did you mean `{name}`?"));
        let known = GROWTHS.map(|growth| format!("`{growth}`")).join(", ");
        let hint = hint.unwrap_or_default();
        errors.at(&complexity.value, format!("`complexity` is one of {known}{hint}"));
    }
    if options.args.is_none() && !options.incomplete {
        let message = "`complexity` is fitted over `args`, and there are none; add `args = [..]`";
        errors.at(&complexity.option, message);
    }
}

/// `min_time` above `max_time`, as far as both are plain numbers.
fn check_times(options: &BenchOptions, errors: &mut Errors) {
    let find = |name: &str| options.common.settings.iter().find(|setting| setting.setter == name);
    let (Some(min), Some(max)) = (find("min_time"), find("max_time")) else { return };
    let seconds = |expr| match literal(expr) {
        Some(Literal::Int(seconds)) => Some(seconds as f64),
        Some(Literal::Float(seconds)) => Some(seconds),
        _ => None,
    };
    if let (Some(least), Some(most)) = (seconds(&min.value), seconds(&max.value))
        && least > most
    {
        errors.at(&min.value, "`min_time` is more than `max_time`");
    }
}
