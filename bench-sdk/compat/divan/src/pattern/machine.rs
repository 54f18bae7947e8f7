//! Runs patterns over texts.

use super::parse::parse;
use super::syntax::{Class, Node, Place};

/// Most steps of a machine: repeated repetition multiplies them.
const MOST_STEPS: usize = 100_000;

/// A regular expression that tells whether it matches anywhere in a text.
#[derive(Debug)]
pub(crate) struct Pattern {
    steps: Vec<Step>,
    any_case: bool,
}

#[derive(Debug)]
enum Step {
    /// Goes on behind such a character.
    One(Class),
    /// Goes on at such a place.
    Place(Place),
    /// Goes on at both.
    Fork(usize, usize),
    /// Goes on there.
    Go(usize),
    /// Has matched.
    Done,
}

impl Pattern {
    /// Reads a pattern; the error says what of it is not understood.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let explain = |why: String| format!("the filter `{text}` is not understood: {why}");
        let (node, any_case) = parse(text).map_err(explain)?;
        let mut pattern = Self { steps: Vec::new(), any_case };
        pattern.emit(&node).map_err(explain)?;
        pattern.steps.push(Step::Done);
        Ok(pattern)
    }

    fn push(&mut self, step: Step) -> Result<usize, String> {
        if self.steps.len() >= MOST_STEPS {
            return Err("it is too large".to_owned());
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn emit(&mut self, node: &Node) -> Result<(), String> {
        match node {
            Node::One(class) => self.push(Step::One(class.clone())).map(drop),
            Node::Place(place) => self.push(Step::Place(*place)).map(drop),
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.emit(node)),
            Node::Either(branches) => self.emit_either(branches),
            Node::Repeat(node, least, most) => {
                for _ in 0..*least {
                    let before = self.steps.len();
                    self.emit(node)?;
                    if self.steps.len() == before {
                        // Nothing, however often it is repeated.
                        return Ok(());
                    }
                }
                match most {
                    None => self.emit_endless(node),
                    Some(most) => (*least..*most).try_for_each(|_| self.emit_optional(node)),
                }
            }
        }
    }

    fn emit_either(&mut self, branches: &[Node]) -> Result<(), String> {
        let Some((last, others)) = branches.split_last() else { return Ok(()) };
        let mut ends = Vec::new();
        for branch in others {
            let fork = self.push(Step::Done)?;
            self.emit(branch)?;
            ends.push(self.push(Step::Done)?);
            self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
        }
        self.emit(last)?;
        for end in ends {
            self.steps[end] = Step::Go(self.steps.len());
        }
        Ok(())
    }

    fn emit_endless(&mut self, node: &Node) -> Result<(), String> {
        let fork = self.push(Step::Done)?;
        self.emit(node)?;
        self.push(Step::Go(fork))?;
        self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
        Ok(())
    }

    fn emit_optional(&mut self, node: &Node) -> Result<(), String> {
        let fork = self.push(Step::Done)?;
        self.emit(node)?;
        self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
        Ok(())
    }

    /// Whether any part of the text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let mut waiting: Vec<usize> = Vec::new();
        for at in 0..=chars.len() {
            // A match may begin at every place.
            waiting.push(0);
            let Some(reading) = self.advance(&waiting, &chars, at) else { return true };
            let Some(c) = chars.get(at) else { break };
            waiting = reading
                .into_iter()
                .filter(|step| self.reads(*step, *c))
                .map(|step| step + 1)
                .collect();
        }
        false
    }

    fn reads(&self, step: usize, c: char) -> bool {
        matches!(&self.steps[step], Step::One(class) if class.has(c, self.any_case))
    }

    /// The steps that want to read a character, from those and without reading one; nothing where
    /// the pattern has matched.
    fn advance(&self, from: &[usize], chars: &[char], at: usize) -> Option<Vec<usize>> {
        let mut seen = vec![false; self.steps.len()];
        let mut open = from.to_vec();
        let mut reading = Vec::new();
        while let Some(step) = open.pop() {
            if std::mem::replace(&mut seen[step], true) {
                continue;
            }
            match &self.steps[step] {
                Step::Done => return None,
                Step::One(_) => reading.push(step),
                Step::Go(to) => open.push(*to),
                Step::Fork(one, other) => open.extend([*one, *other]),
                Step::Place(place) if is_at(*place, chars, at) => open.push(step + 1),
                Step::Place(_) => {}
            }
        }
        Some(reading)
    }
}

fn is_at(place: Place, chars: &[char], at: usize) -> bool {
    let is_word = |at: Option<usize>| {
        let c = at.and_then(|at| chars.get(at));
        c.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
    };
    let is_edge = is_word(at.checked_sub(1)) != is_word(Some(at));
    match place {
        Place::Start => at == 0,
        Place::End => at == chars.len(),
        Place::Edge => is_edge,
        Place::NoEdge => !is_edge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(text))
    }

    fn error(pattern: &str) -> String {
        Pattern::new(pattern).err().unwrap_or_default()
    }

    #[test]
    fn plain_texts_match_anywhere() {
        assert!(matches("sort", "a::sort_by::10") && matches("", "a") && matches("é", "né"));
        assert!(matches("x|", "y") && matches("(){1000}{1000}{1000}", "y"));
        assert!(!matches("sort", "a::sorry"));
    }

    #[test]
    fn operators_mean_what_they_mean_elsewhere() {
        for (pattern, yes, no) in [
            ("^a::b$", "a::b", "a::bc"),
            ("(add|sub)", "math::sub", "math::mul"),
            ("a.c", "abc", "ac"),
            ("ab*c", "ac", "abd"),
            ("ab+c", "abbc", "ac"),
            ("^ab?c$", "ac", "abbc"),
            ("^a{2,3}$", "aaa", "aaaa"),
            ("^a{2}$", "aa", "a"),
            ("^a{2,}$", "aaaaa", "a"),
            ("^[a-c_]+$", "ab_c", "abd"),
            ("^[^:]+$", "abc", "a:c"),
            ("[]x]", "]", "y"),
            ("[a-]", "-", "b"),
            (r"^\d+$", "123", "12a"),
            (r"^[\w-]+$", "a-b_1", "a b"),
            (r"^[\W]+$", "::", "a"),
            (r"\bn\b", "a n b", "and"),
            (r"n\B", "nn", "n"),
            (r"a\.b", "a.b", "axb"),
            ("(?i)SORT", "sort", "short"),
            ("(?:ab)+c", "ababc", "ac"),
            ("^(?P<n>a|b)*$", "abba", "abc"),
            ("^(a*)*$", "aaa", "b"),
            ("ab+?c", "abc", "ac"),
        ] {
            assert!(matches(pattern, yes), "{pattern} should match {yes}");
            assert!(!matches(pattern, no), "{pattern} should not match {no}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (pattern, part) in [
            ("(", "`(` is not closed"),
            (")", "`)` closes nothing"),
            ("[a", "`[` is not closed"),
            ("*", "`*` repeats nothing"),
            ("a{", "`{` is not closed"),
            ("a{x}", "no number of times"),
            ("a{3,2}", "ends before it begins"),
            ("[z-a]", "ends before it begins"),
            (r"\q", r"`\q` is not known"),
            ("\\", "nothing behind it"),
            ("(?=a)", "are known"),
            ("((a{1000}){1000}){1000}", "too large"),
            (&"(".repeat(101), "too deep"),
        ] {
            let error = error(pattern);
            assert!(error.contains(part), "{pattern}: {error}");
        }
        assert!(error("(").contains("the filter `(`"));
    }

    #[test]
    fn no_pattern_takes_long() {
        let pattern = format!("^{}{}$", "a?".repeat(30), "a".repeat(30));
        assert!(matches(&pattern, &"a".repeat(30)));
        assert!(!matches("^(a+)+$", &format!("{}b", "a".repeat(2000))));
    }
}
