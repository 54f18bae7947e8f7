use proc_macro2::TokenStream;
use quote::quote;

use super::{BenchOptions, GroupOptions, Ignore, Literal, Runtime, literal, root_only};
use crate::errors::Errors;

fn parse(tokens: TokenStream) -> (BenchOptions, Vec<String>) {
    let mut errors = Errors::default();
    let options = BenchOptions::parse(tokens, &mut errors);
    (options, messages(errors))
}

fn messages(errors: Errors) -> Vec<String> {
    errors
        .finish()
        .err()
        .map(|error| error.into_iter().map(|one| one.to_string()).collect())
        .unwrap_or_default()
}

/// The only message of options that do not parse.
fn refused(tokens: TokenStream) -> String {
    let (_, messages) = parse(tokens);
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.concat()
}

#[test]
fn options_are_read() {
    let (options, errors) = parse(quote! {
        name = "n", group = "g", tags = ["a", "b"], ignore = "why", crate = a::b,
        args = [1, 2], inputs = || 3, types = [u8, Vec<u8>], consts = [1, -1, { 2 }], threads = true,
        setup = a::make, teardown = |_| (), runtime = "multi_thread", workers = 2,
        thresholds = ["median < 1s"], complexity = "n", allow_err,
    });
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(options.common.name.map(|name| name.value.value()).as_deref(), Some("n"));
    assert_eq!(options.group.map(|group| group.value()).as_deref(), Some("g"));
    assert_eq!(options.common.tags.len(), 2);
    assert!(matches!(options.common.ignore, Some(Ignore::Because(_))));
    assert!(options.common.root.is_some() && options.args.is_some() && options.inputs.is_some());
    assert_eq!(options.types.map(|types| types.value.len()), Some(2));
    assert_eq!(options.consts.map(|consts| consts.value.len()), Some(3));
    assert_eq!(options.runtime.map(|runtime| runtime.value), Some(Runtime::MultiThread));
    assert!(options.threads.is_some() && options.workers.is_some());
    assert!(options.setup.is_some() && options.teardown.is_some());
    assert!(options.allow_err && options.complexity.is_some() && options.thresholds.len() == 1);
    assert!(!options.incomplete);
}

#[test]
fn settings_become_calls_of_setters() {
    let (options, errors) = parse(quote! {
        sample_count = 10, warmup = "5ms", target_ci = "1%", skip_ext_time,
        counters = [ItemsCount::new(1), BytesCount::new(2)], chars_count = 5_000_000_000,
    });
    assert!(errors.is_empty(), "{errors:?}");
    let setters: Vec<String> =
        options.common.settings.iter().map(|setting| setting.setter.to_string()).collect();
    let expected = [
        "sample_count",
        "warmup",
        "target_ci",
        "skip_ext_time",
        "counter",
        "counter",
        "chars_count",
    ];
    assert_eq!(setters, expected);
    let last = options.common.settings.last().map(|setting| &setting.value);
    assert_eq!(last.map(|value| quote!(#value).to_string()).as_deref(), Some("5000000000u64"));
}

#[test]
fn a_mistake_does_not_hide_the_next() {
    let (options, errors) = parse(quote!(colour = "blue", args = , sample_count, max_time = 1));
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert_eq!(options.common.settings.len(), 1);
    assert!(options.incomplete);
}

#[test]
fn names_are_suggested() {
    assert_eq!(
        refused(quote!(sample_cout = 1)),
        "unknown option `sample_cout`; did you mean `sample_count`?"
    );
    assert!(refused(quote!(colour = 1)).starts_with("unknown option `colour`; accepted: `name`"));
}

#[test]
fn values_of_the_wrong_kind_are_refused() {
    for (tokens, part) in [
        (quote!(sample_count = "1"), "a whole number of at least 1"),
        (quote!(sample_count = 0), "at least 1"),
        (quote!(sample_size = 5_000_000_000), "at least 1"),
        (quote!(items_count = 0.5), "a whole number"),
        (quote!(max_time = true), "a time"),
        (quote!(max_time = ""), "a time"),
        (quote!(max_time = "ms"), "a time"),
        (quote!(target_ci = "1.5"), "a ratio"),
        (quote!(max_time = "5 parsecs"), "a time"),
        (quote!(timeout = -5), "a time"),
        (quote!(target_ci = 1), "a ratio"),
        (quote!(target_ci = "0%"), "a ratio"),
        (quote!(skip_ext_time = 1), "stands alone"),
        (quote!(allow_err = 1), "stands alone"),
        (quote!(name = f()), "takes a string"),
        (quote!(name = " "), "cannot be empty"),
        (quote!(group = ""), "cannot be empty"),
        (quote!(tags = ["a", ""]), "cannot be empty"),
        (quote!(tags = [1]), "takes strings"),
        (quote!(crate = "a"), "takes a path"),
        (quote!(crate), "needs a path"),
        (quote!(types = []), "is empty"),
        (quote!(types), "needs a value"),
        (quote!(consts = 1), "takes a list"),
        (quote!(consts = []), "is empty"),
        (quote!(args = []), "is empty"),
        (quote!(args = "a"), "iterate over"),
        (quote!(threads = 0), "0 threads run nothing"),
        (quote!(threads = [1, 0]), "0 threads run nothing"),
        (quote!(threads = []), "is empty"),
        (quote!(threads = false), "a list of numbers"),
        (quote!(workers = 0), "at least 1"),
        (quote!(runtime = "both"), "`\"current_thread\"` or `\"multi_thread\"`"),
        (quote!(setup = make()), "without calling it"),
        (quote!(load(vus = 0)), "`vus` takes a whole number of at least 1"),
        (quote!(name = "a", name = "b"), "given twice"),
        (quote!("name"), "expected an option"),
        (quote!(items_count = 1, counter = ItemsCount::new(1)), "a second counter of items"),
        (
            quote!(counters = [a::BytesCount::of::<u8>(), BytesCount::new(1)]),
            "a second counter of bytes",
        ),
    ] {
        let text = tokens.to_string();
        let message = refused(tokens);
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn what_is_no_literal_is_left_to_the_compiler() {
    let (_, errors) = parse(quote! {
        sample_count = COUNT, max_time = Duration::from_secs(1), target_ci = f(), threads = COUNTS,
        workers = N, args = SIZES, counter = count(),
    });
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn times_and_ratios_are_read_as_the_runtime_reads_them() {
    for time in ["20ms", "1.5 s", "1m30s", "2", " 5 us ", "3µs"] {
        let (_, errors) = parse(quote!(max_time = #time));
        assert!(errors.is_empty(), "{time}: {errors:?}");
    }
    for ratio in ["1%", "0.5 %", "0.01"] {
        let (_, errors) = parse(quote!(target_ci = #ratio));
        assert!(errors.is_empty(), "{ratio}: {errors:?}");
    }
}

#[test]
fn groups_take_common_options_only() {
    let mut errors = Errors::default();
    let tokens = quote!(name = "g", sample_count = 1, args = [1], colour = 1);
    let options = GroupOptions::parse(tokens, &mut errors);
    assert!(options.common.name.is_some() && options.common.settings.len() == 1);
    let messages = messages(errors);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("`args` belongs on the benchmark"));
    assert!(messages[1].contains("unknown option `colour`") && !messages[1].contains("`args`"));
}

#[test]
fn bench_only_takes_a_path_only() {
    let mut errors = Errors::default();
    assert!(root_only(quote!(crate = a::b), &mut errors).is_some());
    assert!(!errors.any());
    assert!(root_only(quote!(name = "a"), &mut errors).is_none());
    assert_eq!(messages(errors), ["unknown option `name`; accepted: `crate`"]);
}

#[test]
fn literals_are_recognised_inside_parentheses() {
    let literal = |tokens| syn::parse2(tokens).ok().and_then(|expr| literal(&expr));
    assert_eq!(literal(quote!((1_000u32))), Some(Literal::Int(1000)));
    assert_eq!(literal(quote!(0.5)), Some(Literal::Float(0.5)));
    assert_eq!(literal(quote!(-0.5)), Some(Literal::Negative));
    assert_eq!(literal(quote!('a')), Some(Literal::Other));
    assert_eq!(literal(quote!(a + 1)), None);
}

#[test]
fn a_load_scenario_becomes_calls_of_setters() {
    let (options, errors) = parse(quote! {
        vu_setup = log_in,
        load(
            executor = ramping_arrival_rate, start_rate = 0, stages = [("1m", 10), (5, TARGET)],
            env = [("A", "1")], tags = [("b", "2")], arrivals = poisson, when_busy = "queue",
            thresholds = ["checks: rate > 0.9", "http_reqs: count > 1"], rate = 5_000_000_000,
        ),
    });
    assert!(errors.is_empty(), "{errors:?}");
    assert!(options.vu_setup.is_some() && !options.incomplete);
    let Some(load) = options.load else { unreachable!("`load` was given") };
    assert_eq!(load.executor.map(|executor| executor.value.name), Some("ramping-arrival-rate"));
    let setters: Vec<&str> = load.calls.iter().map(|call| call.setter).collect();
    let expected = [
        "start_rate",
        "stage",
        "stage",
        "env",
        "tag",
        "arrivals",
        "when_busy",
        "threshold",
        "threshold",
        "rate",
    ];
    assert_eq!(setters, expected);
    let values = |at: usize| {
        let values = &load.calls[at].values;
        quote!(#(#values),*).to_string()
    };
    assert_eq!(values(1), "\"1m\" , 10");
    assert_eq!(values(2), "5 , TARGET");
    assert_eq!(values(5), "\"poisson\"");
    assert_eq!(values(9), "5000000000u64");
}

#[test]
fn load_may_stand_alone_or_empty() {
    for tokens in [quote!(load), quote!(load())] {
        let (options, errors) = parse(tokens);
        assert!(errors.is_empty(), "{errors:?}");
        assert!(options.load.is_some_and(|load| load.calls.is_empty() && load.executor.is_none()));
    }
    assert!(refused(quote!(load = 1)).contains("in parentheses"));
    assert!(refused(quote!(load(vus))).contains("`vus` needs a value"));
}
