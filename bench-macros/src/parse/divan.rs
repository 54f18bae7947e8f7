//! Options of `#[divan::bench(..)]` and `#[divan::bench_group(..)]`: divan's own, no others.

use proc_macro2::TokenStream;
use syn::{Error, Expr, Lit, Path, Result, Type};

use super::Given;
use super::entry::{Entry, Value, entries};
use super::names::{DIVAN, DIVAN_BENCHMARK, unknown};
use super::setting::{Setting, setting};
use super::value::{Literal, literal, peel};
use crate::errors::Errors;

/// What benchmarks and groups share.
#[derive(Default)]
pub(crate) struct DivanCommon {
    /// Where the front-end is, if not at `::divan`.
    pub(crate) root: Option<Path>,
    /// The name shown: any constant text.
    pub(crate) name: Option<Expr>,
    /// Whether it is left out unless asked for.
    pub(crate) ignore: Option<Expr>,
    /// Numbers of threads.
    pub(crate) threads: Option<Expr>,
    /// Sampling and throughput.
    pub(crate) settings: Vec<Setting>,
}

/// What a benchmark is annotated with.
#[derive(Default)]
pub(crate) struct DivanOptions {
    /// What a group may have too.
    pub(crate) common: DivanCommon,
    /// One case for each value.
    pub(crate) args: Option<Given<Expr>>,
    /// One case for each type; there may be none.
    pub(crate) types: Option<Given<Vec<Type>>>,
    /// One case for each constant.
    pub(crate) consts: Option<Given<Consts>>,
    /// Something was not understood that could have given values to parameters.
    pub(crate) incomplete: bool,
}

/// The constants of a generic benchmark.
pub(crate) enum Consts {
    /// As many as stand there.
    Listed(Vec<Expr>),
    /// An array or slice of another place, whose length only the compiler knows.
    Elsewhere(Expr),
}

impl DivanOptions {
    /// Reads the options of a benchmark; mistakes are added to the errors.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let entries = entries(tokens, errors);
        options.incomplete = errors.any();
        for entry in entries {
            let Some(entry) = options.common.accept(entry, errors) else { continue };
            if let Err(error) = options.accept(entry) {
                options.incomplete = true;
                errors.push(error);
            }
        }
        options
    }

    fn accept(&mut self, entry: Entry) -> Result<()> {
        match entry.option.to_string().as_str() {
            "args" => self.args = Some(args(entry)?),
            "types" => self.types = Some(types(entry)?),
            "consts" => self.consts = Some(consts(entry)?),
            _ => return Err(unknown(&entry.option, &[&DIVAN, &DIVAN_BENCHMARK])),
        }
        Ok(())
    }
}

impl DivanCommon {
    /// Reads the options of a group; mistakes are added to the errors.
    pub(crate) fn parse_group(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut common = Self::default();
        for entry in entries(tokens, errors) {
            let Some(Entry { option, .. }) = common.accept(entry, errors) else { continue };
            errors.push(if DIVAN_BENCHMARK.iter().any(|name| option == name) {
                let message =
                    format!("`{option}` belongs on the benchmark, in `#[divan::bench(..)]`");
                Error::new(option.span(), message)
            } else {
                unknown(&option, &[&DIVAN])
            });
        }
        common
    }

    /// Takes an option that is one of these, or gives it back.
    fn accept(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let option = entry.option.to_string();
        match option.as_str() {
            "name" => self.name = errors.take(name(entry)),
            "crate" => self.root = errors.take(root(entry)),
            "ignore" => self.ignore = errors.take(truth(entry, "ignore = cfg!(miri)")),
            "threads" => self.threads = errors.take(truth(entry, "threads = [1, 4]")),
            name if DIVAN.contains(&name) => {
                let mut settings = setting(entry, errors);
                settings.iter_mut().for_each(count_in_u64);
                self.settings.append(&mut settings);
            }
            _ => return Some(entry),
        }
        None
    }
}

fn name(entry: Entry) -> Result<Expr> {
    let given = entry.expr("name = \"parse\"")?;
    if literal(&given.value).is_some_and(|literal| !matches!(literal, Literal::Str(_))) {
        let message = "`name` takes a string, such as `name = \"parse\"`";
        return Err(Error::new_spanned(&given.value, message));
    }
    Ok(given.value)
}

fn root(entry: Entry) -> Result<Path> {
    if let Value::Path(path) = entry.value {
        return Ok(path);
    }
    let message = "`crate` needs a path, such as `crate = my_crate::divan`";
    Err(Error::new(entry.option.span(), message))
}

/// An option that means `true` where it stands alone.
fn truth(entry: Entry, example: &str) -> Result<Expr> {
    if let Value::Absent = entry.value {
        return Ok(syn::parse_quote!(true));
    }
    entry.expr(example).map(|given| given.value)
}

fn args(entry: Entry) -> Result<Given<Expr>> {
    let given = entry.expr("args = [10, 100, 1000]")?;
    if literal(&given.value).is_some() {
        let message = "`args` takes something to iterate over, such as `args = [10, 100, 1000]`";
        return Err(Error::new_spanned(&given.value, message));
    }
    Ok(given)
}

fn types(entry: Entry) -> Result<Given<Vec<Type>>> {
    let Entry { option, value } = entry;
    if let Value::Types(value) = value {
        return Ok(Given { option, value });
    }
    let message = "`types` needs a value, such as `types = [u32, String]`";
    Err(Error::new(option.span(), message))
}

fn consts(entry: Entry) -> Result<Given<Consts>> {
    let Given { option, value } = entry.expr("consts = [4, 8]")?;
    if literal(&value).is_some() {
        let message = "`consts` takes a list, such as `consts = [4, 8]`, or a constant that is one";
        return Err(Error::new_spanned(&value, message));
    }
    let value = match peel(&value) {
        Expr::Array(array) => Consts::Listed(array.elems.iter().cloned().collect()),
        _ => Consts::Elsewhere(value),
    };
    Ok(Given { option, value })
}

/// Counters take unsigned numbers only, which a plain literal does not become by itself.
fn count_in_u64(setting: &mut Setting) {
    let counts = ["items_count", "bytes_count", "chars_count", "cycles_count"];
    if !counts.iter().any(|count| setting.setter == count) {
        return;
    }
    let Expr::Lit(expr) = &mut setting.value else { return };
    let Lit::Int(int) = &mut expr.lit else { return };
    if int.suffix().is_empty() {
        *int = syn::LitInt::new(&format!("{}u64", int.base10_digits()), int.span());
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn parse(tokens: TokenStream) -> (DivanOptions, Vec<String>) {
        let mut errors = Errors::default();
        let options = DivanOptions::parse(tokens, &mut errors);
        (options, messages(errors))
    }

    fn messages(errors: Errors) -> Vec<String> {
        let error = errors.finish().err();
        error.map(|all| all.into_iter().map(|one| one.to_string()).collect()).unwrap_or_default()
    }

    #[test]
    fn all_of_divan_is_read() {
        let (options, errors) = parse(quote! {
            name = concat!("a", "b"), crate = a::divan, ignore = cfg!(miri), threads = [0, 1],
            sample_count = 10, sample_size = 2, min_time = 0.5, max_time = Duration::from_secs(1),
            skip_ext_time, counters = [a, b], items_count = 7, args = [], types = [], consts = SIZES,
        });
        assert!(errors.is_empty(), "{errors:?}");
        let common = options.common;
        assert!(common.name.is_some() && common.root.is_some());
        assert!(common.ignore.is_some() && common.threads.is_some());
        assert_eq!(common.settings.len(), 8);
        assert!(options.args.is_some() && !options.incomplete);
        assert!(options.types.is_some_and(|types| types.value.is_empty()));
        assert!(matches!(options.consts.map(|given| given.value), Some(Consts::Elsewhere(_))));
    }

    #[test]
    fn plain_counts_are_unsigned() {
        let (options, _) = parse(quote!(items_count = 7, sample_count = 7));
        let values: Vec<String> = options
            .common
            .settings
            .iter()
            .map(|setting| quote::ToTokens::to_token_stream(&setting.value).to_string())
            .collect();
        assert_eq!(values, ["7u64", "7"]);
    }

    #[test]
    fn what_divan_does_not_have_is_refused() {
        for (tokens, part) in [
            (quote!(sample_cout = 1), "did you mean `sample_count`?"),
            (quote!(tags = ["a"]), "unknown option `tags`; accepted: `name`"),
            (quote!(name = 1), "takes a string"),
            (quote!(name), "needs a value"),
            (quote!(crate), "needs a path"),
            (quote!(args = 3), "iterate over"),
            (quote!(consts = 3), "takes a list"),
            (quote!(types), "needs a value"),
            (quote!(sample_count = "many"), "a whole number"),
            (quote!(max_time = 1, max_time = 2), "given twice"),
        ] {
            let text = tokens.to_string();
            let (_, messages) = parse(tokens);
            assert_eq!(messages.len(), 1, "{text}: {messages:?}");
            assert!(messages[0].contains(part), "{text}: {messages:?}");
        }
    }

    #[test]
    fn groups_have_no_arguments() {
        let mut errors = Errors::default();
        let tokens = quote!(name = "g", threads, sample_count = 1, args = [1], colour = 1);
        let common = DivanCommon::parse_group(tokens, &mut errors);
        assert!(common.name.is_some() && common.threads.is_some() && common.settings.len() == 1);
        let messages = messages(errors);
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(messages[0].contains("`args` belongs on the benchmark, in `#[divan::bench(..)]`"));
        assert!(messages[1].contains("unknown option `colour`"));
    }
}
