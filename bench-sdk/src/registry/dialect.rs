//! Benchmarks that were written for another tool keep the names and the rules they had there.

use super::registration::{Group, Registration};

/// Whose words a benchmark or a group is written in.
#[derive(Clone, Copy, Debug)]
pub enum Dialect {
    /// This SDK's own.
    Hub,
    /// Those of divan: ids are paths throughout, a group gives its name to the path, and whether a
    /// benchmark is ignored is known when the program runs.
    Divan {
        /// Whether it is; `None` leaves that to the group around it.
        ignore: fn() -> Option<bool>,
    },
}

impl Dialect {
    /// The id of a case: that of its benchmark and the label of its argument.
    pub(crate) fn with_label(self, id: &str, label: &str) -> String {
        match self {
            Self::Hub => format!("{id}[{label}]"),
            Self::Divan { .. } => format!("{id}::{label}"),
        }
    }
}

/// The id of a benchmark in one combination of its types.
pub(super) fn benchmark_id(
    registration: &Registration,
    types: &[String],
    groups: &[&Group],
) -> String {
    let Registration { module_path, name, .. } = registration;
    match registration.dialect {
        Dialect::Hub if types.is_empty() => format!("{module_path}::{name}"),
        Dialect::Hub => format!("{module_path}::{name}<{}>", types.join(",")),
        Dialect::Divan { .. } => {
            let mut parts = shown_modules(module_path, groups);
            parts.push(name);
            parts.extend(types.iter().map(String::as_str));
            parts.join("::")
        }
    }
}

/// The modules of a path, the crate first, each by the name that its group gives it.
pub(crate) fn shown_modules<'a>(module_path: &'a str, groups: &[&'a Group]) -> Vec<&'a str> {
    let mut shown = Vec::new();
    let mut end = 0;
    for part in module_path.split("::") {
        end += part.len();
        let so_far = &module_path[..end];
        let named = groups.iter().find(|group| group.module_path == so_far);
        let plain = part.strip_prefix("r#").unwrap_or(part);
        shown.push(named.and_then(|group| group.name).unwrap_or(plain));
        end += "::".len();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Settings;

    #[test]
    fn modules_are_shown_by_the_names_of_their_groups() {
        let group = |module_path, name| Group {
            module_path,
            name,
            tags: &[],
            ignore: None,
            settings: Settings::default,
            threads: None,
            dialect: Dialect::Hub,
        };
        let (outer, inner) = (group("a::b", Some("B b")), group("a::b::r#type", None));
        assert_eq!(shown_modules("a::b::r#type::b", &[&outer, &inner]), ["a", "B b", "type", "b"]);
        assert_eq!(shown_modules("a", &[]), ["a"]);
    }

    #[test]
    fn labels_are_a_part_of_the_path_or_stand_in_brackets() {
        assert_eq!(Dialect::Hub.with_label("a::f", "1"), "a::f[1]");
        assert_eq!(Dialect::Divan { ignore: || None }.with_label("a::f", "1"), "a::f::1");
    }
}
