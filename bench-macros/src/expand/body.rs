//! What one case does: the form of the benchmark as a call of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;

use super::Private;
use super::call::{Call, input};
use super::variants::Variant;
use crate::check::{Benchmark, Param, Passing};
use crate::parse::Runtime;

/// An expression of type `Result<(), String>` over `__bencher` and, with `args`, `__arg`.
pub(super) fn body(benchmark: &Benchmark, variant: &Variant<'_>, private: &Private) -> TokenStream {
    let call = Call::new(benchmark, variant);
    let form = Form { benchmark, call, private };
    let body = if benchmark.form.bencher {
        form.with_bencher()
    } else if benchmark.options.inputs.is_some() {
        form.with_inputs()
    } else if let Some(param) = benchmark.form.params.first() {
        form.with_argument(param)
    } else {
        form.plain(&[])
    };
    form.on_runtime(form.within_state(body))
}

struct Form<'a> {
    benchmark: &'a Benchmark,
    call: Call<'a>,
    private: &'a Private,
}

impl Form<'_> {
    /// Without inputs, the call as a whole is timed.
    fn plain(&self, values: &[TokenStream]) -> TokenStream {
        let site = Span::mixed_site();
        let call = self.call.with(values);
        self.run("plain", &[quote_spanned!(site=> || #call)])
    }

    /// The argument itself, or a clone for each iteration where it is taken by value.
    fn with_argument(&self, param: &Param) -> TokenStream {
        let site = Span::mixed_site();
        let (private, arg) = (self.private, self.value("__arg"));
        let cloned = cloned(param);
        match param.passing {
            Passing::Copied => self.plain(&[quote_spanned!(site=> #private::black_box(*#arg))]),
            Passing::Shared => self.plain(&[quote_spanned!(site=> #private::black_box(#arg))]),
            Passing::Owned => self.values(&cloned, &self.one()),
            Passing::Exclusive => self.refs(&cloned, &self.one()),
        }
    }

    /// A fresh input for each iteration.
    fn with_inputs(&self) -> TokenStream {
        let input = input(self.benchmark, self.private);
        let params = &self.benchmark.form.params;
        let borrowed = self.benchmark.form.all_borrowed();
        match (params.len(), borrowed) {
            (1, true) => self.refs(&input, &self.one()),
            (1, false) => self.values(&input, &self.one()),
            (_, true) => self.refs(&input, &self.each_borrowed(params)),
            (_, false) => self.values(&input, &self.each_taken(params)),
        }
    }

    fn with_bencher(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (private, arg) = (self.private, self.value("__arg"));
        let values: Vec<TokenStream> = self
            .benchmark
            .form
            .params
            .iter()
            .map(|param| match param.passing {
                Passing::Copied => quote_spanned!(site=> *#arg),
                Passing::Shared => quote_spanned!(site=> #arg),
                Passing::Owned => cloned(param),
                Passing::Exclusive => {
                    let cloned = cloned(param);
                    quote_spanned!(site=> &mut #cloned)
                }
            })
            .collect();
        let call = self.call.with_bencher(quote_spanned!(site=> __bencher), &values);
        let failure = self.failure(&quote_spanned!(site=> &__outcome));
        quote_spanned!(site=> { let __outcome = #call; #private::finish(#failure) })
    }

    /// `|__x| f(__x)`
    fn one(&self) -> Closure {
        let input = self.value("__input").to_token_stream();
        Closure { call: self.call.with(std::slice::from_ref(&input)), pattern: input }
    }

    /// A hygienic name that stands, for errors, where `inputs` or `args` give its value.
    fn value(&self, name: &str) -> Ident {
        let options = &self.benchmark.options;
        let given = options.inputs.as_ref().or(options.args.as_ref());
        let site = Span::mixed_site();
        let site = given.map_or(site, |given| site.located_at(given.value.span()));
        Ident::new(name, site)
    }

    /// `|__t| f(&__t.0, &mut __t.1)`
    fn each_borrowed(&self, params: &[Param]) -> Closure {
        let site = Span::mixed_site();
        let input = self.value("__input");
        let values = params.iter().enumerate().map(|(place, param)| {
            let place = syn::Index { index: place as u32, span: site };
            let and = reference(param.passing);
            quote_spanned!(input.span()=> #and #input.#place)
        });
        let call = self.call.with(&values.collect::<Vec<_>>());
        Closure { pattern: input.to_token_stream(), call }
    }

    /// `|(__x0, mut __x1)| f(__x0, &mut __x1)`
    fn each_taken(&self, params: &[Param]) -> Closure {
        let site = Span::mixed_site();
        let name = |place| self.value(&format!("__input_{place}"));
        let names: Vec<Ident> = (0..params.len()).map(name).collect();
        let bound = params.iter().zip(&names).map(|(param, name)| {
            let mutable = (param.passing == Passing::Exclusive).then(|| quote_spanned!(site=> mut));
            quote_spanned!(site=> #mutable #name)
        });
        let pattern = quote_spanned!(site=> (#(#bound),*));
        let values = params.iter().zip(&names).map(|(param, name)| {
            let and = reference(param.passing);
            quote_spanned!(site=> #and #name)
        });
        let call = self.call.with(&values.collect::<Vec<_>>());
        Closure { pattern, call }
    }

    /// Inputs by value.
    fn values(&self, input: &TokenStream, closure: &Closure) -> TokenStream {
        let site = Span::mixed_site();
        let Closure { pattern, call } = closure;
        let check = self.check();
        // The future may borrow from the inputs, so it has to own them.
        let map = if self.is_async() {
            quote_spanned!(site=> async |__chunk| {
                __chunk.map_values(async |#pattern| #call.await, #check).await
            })
        } else {
            quote_spanned!(site=> |__chunk| __chunk.map_values(|#pattern| #call, #check))
        };
        self.run("values", &[self.generate(input), map])
    }

    /// Inputs by reference; what is returned may borrow from them.
    fn refs(&self, input: &TokenStream, closure: &Closure) -> TokenStream {
        let site = Span::mixed_site();
        let Closure { pattern, call } = closure;
        let check = self.check();
        let map = if self.is_async() {
            quote_spanned!(site=> async |__chunk| {
                __chunk.map_refs(async |#pattern| #call.await, #check).await
            })
        } else {
            quote_spanned!(site=> |__chunk| __chunk.map_refs(|#pattern| #call, #check))
        };
        self.run("refs", &[self.generate(input), map])
    }

    /// What makes an input.
    fn generate(&self, input: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        if self.is_async() {
            quote_spanned!(site=> async || #input)
        } else {
            quote_spanned!(site=> || #input)
        }
    }

    /// The call of the runtime. Chunks check what their functions return, the others are told how.
    fn run(&self, form: &str, closures: &[TokenStream]) -> TokenStream {
        let site = Span::mixed_site();
        let private = self.private;
        let kind = if self.is_async() { "async_" } else { "" };
        let suffix = if self.benchmark.options.threads.is_some() { "_shared" } else { "" };
        let run = format_ident!("run_{}{}{}", kind, form, suffix, span = site);
        let check = (form == "plain").then(|| self.check()).into_iter();
        quote_spanned!(site=> #private::#run(__bencher, #(#closures,)* #(#check)*))
    }

    /// A closure from what the function returned to a `CheckOutcome`.
    fn check(&self) -> TokenStream {
        let site = Span::mixed_site();
        let private = self.private;
        if self.benchmark.options.allow_err {
            return quote_spanned!(site=> |_| #private::NoCheck);
        }
        let failure = self.failure(&quote_spanned!(site=> __output));
        quote_spanned!(site=> |__output| #failure)
    }

    fn failure(&self, output: &TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let private = self.private;
        if self.benchmark.options.allow_err {
            return quote_spanned!(site=> { let _ = #output; #private::NoCheck });
        }
        quote_spanned!(site=> {
            use #private::{CheckNothing as _, CheckResult as _};
            (&&&#private::Probe(#output)).failure()
        })
    }

    fn is_async(&self) -> bool {
        self.benchmark.function.signature.asyncness.is_some()
    }

    /// The body on the runtime that was chosen.
    fn on_runtime(&self, body: TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let (private, options) = (self.private, &self.benchmark.options);
        let Some(runtime) = &options.runtime else { return body };
        let runtime = match (runtime.value, &options.workers) {
            (Runtime::CurrentThread, _) => quote_spanned!(site=> current_thread()),
            (Runtime::MultiThread, None) => quote_spanned!(site=> multi_thread(0)),
            (Runtime::MultiThread, Some(workers)) => {
                let workers = &workers.value;
                quote_spanned!(site=> multi_thread(#workers))
            }
        };
        quote_spanned!(site=> {
            let __bencher = #private::on_runtime(__bencher, #private::AsyncRuntime::#runtime);
            #body
        })
    }

    /// The body between `setup` and `teardown`.
    fn within_state(&self, body: TokenStream) -> TokenStream {
        let site = Span::mixed_site();
        let (private, options) = (self.private, &self.benchmark.options);
        let Some(setup) = &options.setup else { return body };
        let setup = &setup.value;
        let start = self.is_async().then(|| quote_spanned!(site=> __runtime.start()?;));
        let state = awaited(&quote_spanned!(site=> #private::setup(&__runtime, #setup)), private);
        let after = options.teardown.as_ref().map_or_else(
            || quote_spanned!(site=> __outcome),
            |teardown| {
                let teardown = &teardown.value;
                let call = quote_spanned!(site=> #private::call_with(__state, #teardown));
                let taken_back = awaited(&call, private);
                let failure = self.failure(&quote_spanned!(site=> &__left));
                quote_spanned!(site=> #private::teardown(
                    __outcome,
                    #taken_back.and_then(|__left| #private::finish(#failure)),
                ))
            },
        );
        // Declared before the state, so that the state is dropped within the runtime as well.
        quote_spanned!(site=> {
            let __runtime = #private::runtime_of(&__bencher);
            #start
            let __entered;
            let __state = #state?;
            __entered = __runtime.entered();
            let __outcome = #body;
            #after
        })
    }
}

/// The value of an expression, or what it resolves to if it is a future: a `Result`.
fn awaited(expression: &TokenStream, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    quote_spanned!(site=> {
        use #private::{IsFuture as _, IsValue as _};
        let __made = #expression;
        (&&#private::Kind::of(&__made)).kind().value(__made, &__runtime)
    })
}

/// A closure over one input.
struct Closure {
    pattern: TokenStream,
    call: TokenStream,
}

/// A clone of the argument; that it can be cloned is asked where its type stands.
fn cloned(param: &Param) -> TokenStream {
    let site = Span::mixed_site().located_at(param.ty.span());
    let arg = Ident::new("__arg", site);
    quote_spanned!(site=> ::core::clone::Clone::clone(#arg))
}

fn reference(passing: Passing) -> TokenStream {
    let site = Span::mixed_site();
    match passing {
        Passing::Copied | Passing::Owned => TokenStream::new(),
        Passing::Shared => quote_spanned!(site=> &),
        Passing::Exclusive => quote_spanned!(site=> &mut),
    }
}
