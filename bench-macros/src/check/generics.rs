//! Generic benchmarks register nothing by themselves: `types` and `consts` say what to run.

use syn::{GenericParam, Generics};

use crate::errors::Errors;
use crate::parse::BenchOptions;

/// Reports parameters without values and values without parameters.
pub(super) fn check(generics: &Generics, options: &BenchOptions, errors: &mut Errors) {
    let (mut types, mut consts) = (0, 0);
    for param in &generics.params {
        match param {
            GenericParam::Type(param) => {
                types += 1;
                if types == 2 {
                    let message = "a second type parameter; `types` fills in one only";
                    errors.at(&param.ident, message);
                } else if options.types.is_none() && types == 1 && !options.incomplete {
                    let message = format!(
                        "nothing says what `{0}` is: add `types = [..]` to run with each type",
                        param.ident
                    );
                    errors.at(&param.ident, message);
                }
            }
            GenericParam::Const(param) => {
                consts += 1;
                if consts == 2 {
                    let message = "a second const parameter; `consts` fills in one only";
                    errors.at(&param.ident, message);
                } else if options.consts.is_none() && consts == 1 && !options.incomplete {
                    let message = format!(
                        "nothing says what `{0}` is: add `consts = [..]` to run with each value",
                        param.ident
                    );
                    errors.at(&param.ident, message);
                }
            }
            GenericParam::Lifetime(_) => {}
        }
    }
    if let Some(given) = options.types.as_ref().filter(|_| types == 0) {
        errors.at(&given.option, "`types` needs a type parameter, as in `fn sort<T>()`");
    }
    if let Some(given) = options.consts.as_ref().filter(|_| consts == 0) {
        errors.at(
            &given.option,
            "`consts` needs a const parameter, as in `fn fill<const N: usize>()`",
        );
    }
}
