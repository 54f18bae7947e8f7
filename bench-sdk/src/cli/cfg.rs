//! Conditions such as `cfg(all(unix, target_arch = "x86_64"))` in cargo's configuration.

/// A condition on what is compiled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cfg {
    All(Vec<Cfg>),
    Any(Vec<Cfg>),
    Not(Box<Cfg>),
    /// `unix` or `target_os="linux"`, as the compiler prints it.
    Is(String),
}

impl Cfg {
    /// Reads `cfg(..)`; `None` if it is not understood.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix("cfg(")?.strip_suffix(')')?;
        let (cfg, rest) = one(inner, 0)?;
        rest.trim().is_empty().then_some(cfg)
    }

    /// Whether it holds where the compiler has set these.
    pub(super) fn holds(&self, set: &[String]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(set)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(set)),
            Self::Not(part) => !part.holds(set),
            Self::Is(name) => name == "true" || set.contains(name),
        }
    }
}

/// Conditions within conditions, at most.
const DEEPEST: usize = 32;

/// One condition at the beginning of the text, and what stands behind it.
fn one(text: &str, depth: usize) -> Option<(Cfg, &str)> {
    if depth > DEEPEST {
        return None;
    }
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.trim_start();
    if word.is_empty() {
        return None;
    }
    if let Some(rest) = rest.strip_prefix('(') {
        let (mut parts, rest) = several(rest, depth)?;
        let cfg = match word {
            "all" => Cfg::All(parts),
            "any" => Cfg::Any(parts),
            "not" if parts.len() == 1 => Cfg::Not(Box::new(parts.pop()?)),
            _ => return None,
        };
        return Some((cfg, rest));
    }
    if let Some(rest) = rest.strip_prefix('=') {
        let (value, rest) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        return Some((Cfg::Is(format!("{word}=\"{value}\"")), rest));
    }
    Some((Cfg::Is(word.to_owned()), rest))
}

/// Conditions between commas up to the closing parenthesis.
fn several(mut text: &str, depth: usize) -> Option<(Vec<Cfg>, &str)> {
    let mut parts = Vec::new();
    loop {
        text = text.trim_start();
        if let Some(rest) = text.strip_prefix(')') {
            return Some((parts, rest));
        }
        let (part, rest) = one(text, depth + 1)?;
        parts.push(part);
        text = rest.trim_start();
        text = text.strip_prefix(',').or_else(|| text.starts_with(')').then_some(text))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_hold_as_cargo_means_them() {
        let set = ["unix", "target_os=\"linux\"", "target_arch=\"x86_64\""].map(str::to_owned);
        let holds = |text: &str| Cfg::parse(text).map(|cfg| cfg.holds(&set));
        for text in [
            "cfg(unix)",
            "cfg( target_os = \"linux\" )",
            "cfg(all(unix, target_arch = \"x86_64\",))",
            "cfg(any(windows, not(windows)))",
            "cfg(all())",
        ] {
            assert_eq!(holds(text), Some(true), "{text}");
        }
        for text in ["cfg(windows)", "cfg(target_os = \"macos\")", "cfg(any())", "cfg(not(unix))"] {
            assert_eq!(holds(text), Some(false), "{text}");
        }
        for text in ["cfg()", "cfg(a b)", "cfg(all(a b))", "cfg(not(a, b))", "cfg(a = b)", "unix"] {
            assert_eq!(holds(text), None, "{text}");
        }
        assert_eq!(holds(&format!("cfg({}", "all(".repeat(100_000))), None);
    }
}
