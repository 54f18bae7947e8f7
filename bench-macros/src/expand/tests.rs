use proc_macro2::TokenStream;
use quote::quote;

use super::{bench_only, group, hub_bench, hub_bench_group};

/// Without any spaces, so that parts can be looked for.
fn packed(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",)", ")")
}

fn expanded(options: TokenStream, item: impl Into<TokenStream>) -> String {
    packed(&hub_bench(options, &item.into()).to_string())
}

fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(&packed(part)), "lacks {part}\nin {text}");
    }
}

#[test]
fn the_function_stays_as_it_is() {
    let text = expanded(
        quote!(),
        quote!(
            #[inline]
            pub(crate) fn f() -> u8 {
                1
            }
        ),
    );
    assert!(text.starts_with("#[allow(dead_code,"), "{text}");
    assert_has(&text, &["#[inline] pub(crate) fn f() -> u8 { 1 } ::bench_sdk::__private::emit!"]);
}

#[test]
fn it_stays_after_a_mistake_too() {
    let text = expanded(
        quote!(colour),
        quote!(
            fn f() -> u8 {
                1
            }
        ),
    );
    assert_has(&text, &["fn f() -> u8 { 1 }", "::core::compile_error!"]);
    assert!(!text.contains("__private"), "{text}");
}

#[test]
fn a_registration_a_submission_and_a_test_are_added() {
    let text = expanded(
        quote!(name = "n", group = "g", tags = ["a"], ignore = "why", complexity = "n", args = a),
        quote!(
            fn r#type(n: u8) {}
        ),
    );
    assert_has(
        &text,
        &[
            "static __HUB_BENCH_type: ::bench_sdk::__private::Registration",
            r#"function: "type", name: "n", group: ::core::option::Option::Some("g")"#,
            r#"tags: &["a"], ignore: ::core::option::Option::Some("why")"#,
            r#"complexity: ::core::option::Option::Some("n")"#,
            "inventory::submit! { ::bench_sdk::__private::Entry(&__HUB_BENCH_type) }",
            "#[::core::prelude::v1::test] #[ignore = \"why\"] fn hub_bench_type()",
            "run_as_test(&__HUB_BENCH_type)",
        ],
    );
}

#[test]
fn the_runtime_is_where_the_option_says() {
    let text = expanded(
        quote!(crate = crate::sdk, sample_count = 1),
        quote!(
            fn f() {}
        ),
    );
    assert!(text.contains("crate::sdk::__private::emit!") && !text.contains("bench_sdk"), "{text}");
}

#[test]
fn conditions_go_along() {
    let text = expanded(
        quote!(),
        quote!(
            #[cfg(unix)]
            #[deprecated]
            fn f() {}
        ),
    );
    assert_eq!(text.matches("#[cfg(unix)]").count(), 4, "{text}");
    assert_eq!(text.matches("allow(deprecated").count(), 1, "{text}");
}

#[test]
fn settings_are_set_one_by_one() {
    let text = expanded(
        quote!(sample_count = 5, skip_ext_time, counters = [a(), b()]),
        quote!(
            fn f() {}
        ),
    );
    assert_has(
        &text,
        &[
            "set::sample_count(&mut __settings, 5);",
            "set::skip_ext_time(&mut __settings, true);",
            "set::counter(&mut __settings, a());",
            "set::counter(&mut __settings, b());",
        ],
    );
}

#[test]
fn arguments_get_in_by_value_or_by_reference() {
    let body = |item| expanded(quote!(args = a), item);
    let black_box = "::bench_sdk::__private::black_box";
    assert_has(
        &body(quote!(
            fn f(n: u8) {}
        )),
        &[&format!("|| f({black_box}(*__arg))")],
    );
    assert_has(
        &body(quote!(
            fn f(n: &str) {}
        )),
        &[&format!("|| f({black_box}(__arg))")],
    );
    let cloned = "(__bencher, || ::core::clone::Clone::clone(__arg), |__chunk| __chunk";
    let owned = format!("run_values{cloned}.map_values(|__input| f(__input),");
    assert_has(
        &body(quote!(
            fn f(n: String) {}
        )),
        &[&owned],
    );
    let exclusive = format!("run_refs{cloned}.map_refs(|__input| f(__input),");
    assert_has(
        &body(quote!(
            fn f(n: &mut [u8]) {}
        )),
        &[&exclusive],
    );
}

#[test]
fn the_type_of_arguments_is_given_where_it_is_certain() {
    let items = |options, item| expanded(options, item);
    assert_has(
        &items(
            quote!(args = [1, 2]),
            quote!(
                fn f(n: u64) {}
            ),
        ),
        &["From<[u64; 2usize]>>::from([1, 2])"],
    );
    assert_has(
        &items(
            quote!(args = S),
            quote!(
                fn f(n: u64) {}
            ),
        ),
        &["collect_args::<u64, _>(S)"],
    );
    for item in [
        quote!(
            fn f(n: &u64) {}
        ),
        quote!(
            fn f(n: impl Copy) {}
        ),
        quote!(
            fn f<'a>(n: Cow<'a, str>) {}
        ),
    ] {
        assert_has(&items(quote!(args = S), item), &["collect::<::std::vec::Vec<_>>"]);
    }
    assert_has(
        &items(
            quote!(args = S, inputs = |n| *n),
            quote!(
                fn f(n: u8) {}
            ),
        ),
        &["ArgValues::new(S)"],
    );
}

#[test]
fn inputs_are_called_or_evaluated() {
    let item = || {
        quote!(
            fn f(n: Vec<u8>) {}
        )
    };
    for (options, input) in [
        (quote!(inputs = a + b), "|| a + b"),
        (quote!(inputs = make), "|| ::bench_sdk::__private::call(make)"),
        (quote!(inputs = || 1), "|| ::bench_sdk::__private::call(|| 1)"),
        (quote!(inputs = |n| n, args = a), "|| ::bench_sdk::__private::call_with(__arg, |n| n)"),
        (
            quote!(inputs = |s| s, setup = m),
            "|| ::bench_sdk::__private::call_with(&__state, |s| s)",
        ),
        (quote!(inputs = || 1, setup = m), "|| ::bench_sdk::__private::call(|| 1)"),
        (
            quote!(inputs = make, setup = m, args = a),
            "|| ::bench_sdk::__private::call_with_both(&__state, __arg, make)",
        ),
    ] {
        let run = format!("run_values(__bencher, {input}, |__chunk|");
        assert_has(&expanded(options, item()), &[&run]);
    }
}

#[test]
fn several_inputs_come_from_a_tuple() {
    let body = |item| expanded(quote!(inputs = make), item);
    let owned = body(quote!(
        fn f(a: A, b: B) {}
    ));
    assert_has(&owned, &["map_values(|(__input_0, __input_1)| f(__input_0, __input_1),"]);
    let borrowed = body(quote!(
        fn f(a: &A, b: &mut B) {}
    ));
    assert_has(&borrowed, &["map_refs(|__input| f(&__input.0, &mut __input.1),"]);
    let mixed = body(quote!(
        fn f(a: A, b: &mut B, c: &C) {}
    ));
    assert_has(
        &mixed,
        &["|(__input_0, mut __input_1, __input_2)| f(__input_0, &mut __input_1, &__input_2)"],
    );
}

#[test]
fn benchers_go_first_and_the_state_next() {
    let text = expanded(
        quote!(setup = make, teardown = end, args = a),
        quote!(
            fn f(b: Bencher, s: &S, n: String) {}
        ),
    );
    assert_has(
        &text,
        &[
            "let __made = ::bench_sdk::__private::setup(&__runtime, make);",
            "f(__bencher, &__state, ::core::clone::Clone::clone(__arg))",
            "let __made = ::bench_sdk::__private::call_with(__state, end);",
            "::bench_sdk::__private::teardown(__outcome, {",
        ],
    );
}

#[test]
fn failures_are_looked_for_unless_allowed() {
    assert_has(
        &expanded(
            quote!(),
            quote!(
                fn f() {}
            ),
        ),
        &["|__output| { use ", ".failure()"],
    );
    let allowed = expanded(
        quote!(allow_err),
        quote!(
            fn f() {}
        ),
    );
    assert_has(&allowed, &["|_| ::bench_sdk::__private::NoCheck"]);
    assert!(!allowed.contains("Probe"), "{allowed}");
}

#[test]
fn threads_and_async_have_their_own_calls() {
    let shared = expanded(
        quote!(threads = [1, 2], inputs = i),
        quote!(
            fn f(n: &u8) {}
        ),
    );
    assert_has(&shared, &["Some(|| ::bench_sdk::__private::threads([1, 2]))", "run_refs_shared("]);
    let options = quote!(runtime = "multi_thread", workers = 3, inputs = i);
    let asynchronous = expanded(
        options,
        quote!(
            async fn f(n: &u8) {}
        ),
    );
    assert_has(
        &asynchronous,
        &[
            "::bench_sdk::__private::run_async_refs(__bencher, async || {",
            "AsyncRuntime::multi_thread(3)",
            "__chunk.map_refs(async |__input| f(__input).await,",
        ],
    );
    let bencher = expanded(
        quote!(runtime = "current_thread"),
        quote!(
            fn f(b: Bencher) {}
        ),
    );
    assert_has(&bencher, &["let __bencher = ::bench_sdk::__private::on_runtime("]);
}

#[test]
fn variants_are_the_product_in_order_of_declaration() {
    let text = expanded(
        quote!(consts = [1, N], types = [u8, Vec<u8>]),
        quote!(
            fn f<const N: usize, T>() {}
        ),
    );
    let calls: Vec<&str> = text.match_indices("f::<").map(|(at, _)| &text[at..at + 10]).collect();
    assert_eq!(calls, ["f::<1,u8>(", "f::<{N},u8", "f::<1,Vec<", "f::<{N},Ve"]);
    assert_eq!(text.matches("typeT=u8;").count(), 2);
    assert_eq!(text.matches("constN:usize=").count(), 2, "one that means itself: {text}");
    assert_has(&text, &[r#"String::from("Vec<u8>")"#]);
}

#[test]
fn groups_are_registered_inside_their_module() {
    let module = hub_bench_group(
        quote!(name = "g", launches = 2),
        quote!(
            pub mod m {
                fn a() {}
            }
        ),
    );
    assert_has(
        &packed(&module.to_string()),
        &[
            "pub mod m { fn a() {} ::bench_sdk::__private::emit! { const _: () = {",
            r#"name: ::core::option::Option::Some("g")"#,
            "GroupEntry(&GROUP)",
        ],
    );
    let inside = group(quote!(ignore));
    assert_has(&packed(&inside.to_string()), &[r#"ignore: ::core::option::Option::Some("")"#]);
    let file = hub_bench_group(
        quote!(),
        quote!(
            mod m;
        ),
    );
    assert_has(&packed(&file.to_string()), &["bench_sdk::group!"]);
}

#[test]
fn bench_only_leaves_the_decision_to_the_runtime() {
    let kept = bench_only(
        quote!(),
        quote!(
            use a::b;
        ),
    );
    assert_eq!(packed(&kept.to_string()), packed("::bench_sdk::__private::emit! { use a::b; }"));
}

#[test]
fn async_inputs_are_awaited() {
    let run = |inputs: proc_macro2::TokenStream| {
        let item = quote!(
            async fn f(n: u8) {}
        );
        expanded(quote!(inputs = #inputs), item)
    };
    let values = "run_async_values(__bencher, async || ";
    assert_has(&run(quote!(make)), &[values, ".kind().future(__made).await"]);
    let call = format!("{values}::bench_sdk::__private::call(");
    assert_has(&run(quote!(async || 1)), &[&format!("{call}async || 1).await, async |__chunk|")]);
    assert_has(&run(quote!(|| async { 1 })), &[&format!("{call}|| async {{ 1 }}).await, async")]);
    assert_has(&run(quote!(|| 1)), &[&format!("{call}|| 1), async |__chunk|")]);
    assert_has(&run(quote!(make().await)), &[&format!("{values}make().await, async |__chunk|")]);
}

#[test]
fn a_load_bench_registers_its_scenario_and_its_functions() {
    let text = expanded(
        quote!(
            setup = start,
            vu_setup = log_in,
            teardown = stop,
            timeout = "5s",
            load(executor = constant_vus, vus = 10, stages = [("1m", 2)], env = [("A", "1")])
        ),
        quote!(
            async fn f(own: &mut T, vu: Vu, state: &S) -> Result<(), E> {}
        ),
    );
    assert!(text.contains("`stages`isnotfortheexecutor"), "{text}");
    let text = expanded(
        quote!(
            setup = start,
            vu_setup = log_in,
            teardown = stop,
            timeout = "5s",
            load(executor = ramping_vus, stages = [("1m", 2)], env = [("A", "1")])
        ),
        quote!(
            #[cfg(unix)]
            async fn f(own: &mut T, vu: Vu, state: &S) -> Result<(), E> {}
        ),
    );
    let private = "::bench_sdk::__private";
    assert_has(
        &text,
        &[
            &format!("static __HUB_BENCH_f: {private}::LoadRegistration"),
            &format!("{private}::set::timeout(&mut __settings, \"5s\");"),
            &format!("{private}::load_set::executor(&mut __options, \"ramping-vus\");"),
            &format!("{private}::load_set::stage(&mut __options, \"1m\", 2);"),
            &format!("{private}::load_set::env(&mut __options, \"A\", \"1\");"),
            &format!("bench: || {private}::load_bench(async || {{ let __state = "),
            &format!("{private}::call(start)"),
            "async |__vu, __state| {",
            &format!("{private}::call_with_both(__vu, __state, log_in)"),
            "async |__vu, __state, __own| { let __output = f(__own, __vu, __state).await;",
            &format!("{private}::call_with(__state, stop)"),
            &format!("{private}::LoadEntry(&__HUB_BENCH_f)"),
            &format!("{private}::run_load_as_test(&__HUB_BENCH_f)"),
        ],
    );
    assert_eq!(text.matches("#[cfg(unix)]").count(), 4, "{text}");
}

#[test]
fn a_load_bench_without_states_has_empty_ones() {
    let text = expanded(
        quote!(load),
        quote!(
            async fn f() {}
        ),
    );
    let private = "::bench_sdk::__private";
    assert_has(
        &text,
        &[
            &format!("options: || {private}::LoadOptions::default()"),
            &format!("async || {private}::nothing()"),
            &format!("async |_, _| {private}::nothing()"),
            "async |_, _, _| { let __output = f().await;",
            &format!("async |_| {private}::NoCheck"),
        ],
    );
}
