//! What patterns are made of.

/// A pattern as it was read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// One character.
    One(Class),
    /// A place in the text.
    Place(Place),
    /// One after the other.
    Sequence(Vec<Node>),
    /// Any of them.
    Either(Vec<Node>),
    /// So many times at least, and at most.
    Repeat(Box<Node>, u32, Option<u32>),
}

/// A place in the text, between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the first.
    Start,
    /// Behind the last.
    End,
    /// Where a word begins or ends.
    Edge,
    /// Where none does.
    NoEdge,
}

/// A set of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Class {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl Class {
    /// The character itself.
    pub(super) fn of(c: char) -> Self {
        Self { ranges: vec![(c, c)], negated: false }
    }

    /// Everything but the end of a line.
    pub(super) fn any() -> Self {
        Self { ranges: vec![('\n', '\n')], negated: true }
    }

    /// The class that `\d` and the like stand for.
    pub(super) fn named(name: char) -> Option<Self> {
        let ranges: &[(char, char)] = match name.to_ascii_lowercase() {
            'd' => &[('0', '9')],
            'w' => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => &[('\t', '\r'), (' ', ' ')],
            _ => return None,
        };
        Some(Self { ranges: ranges.to_vec(), negated: name.is_ascii_uppercase() })
    }

    /// The characters from one to the other as well.
    pub(super) fn add(&mut self, first: char, last: char) {
        self.ranges.push((first, last));
    }

    /// All of another class as well.
    pub(super) fn join(&mut self, other: &Self) {
        if !other.negated {
            self.ranges.extend_from_slice(&other.ranges);
            return;
        }
        let mut sorted = other.ranges.clone();
        sorted.sort_unstable();
        let mut next = Some('\0');
        for (first, last) in sorted {
            if let (Some(from), Some(to)) = (next, before(first))
                && from <= to
            {
                self.ranges.push((from, to));
            }
            next = after(last);
        }
        if let Some(from) = next {
            self.ranges.push((from, char::MAX));
        }
    }

    /// What is not in it.
    pub(super) fn negate(&mut self) {
        self.negated = !self.negated;
    }

    /// Whether the character is in it; where case does not matter, in any case of its own.
    pub(super) fn has(&self, c: char, any_case: bool) -> bool {
        let in_ranges = |c| self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
        let found = in_ranges(c)
            || any_case && (c.to_lowercase().any(in_ranges) || c.to_uppercase().any(in_ranges));
        found != self.negated
    }
}

fn before(c: char) -> Option<char> {
    ('\0'..c).next_back()
}

fn after(c: char) -> Option<char> {
    (c..=char::MAX).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_they_name() {
        let has = |name, c| Class::named(name).is_some_and(|class| class.has(c, false));
        assert!(has('d', '7') && !has('d', 'x') && has('D', 'x') && has('w', '_') && has('s', ' '));
        assert_eq!(Class::named('q'), None);
        assert!(Class::any().has('x', false) && !Class::any().has('\n', false));
        assert!(Class::of('K').has('k', true) && !Class::of('K').has('k', false));
    }

    #[test]
    fn what_is_outside_of_one_class_can_join_another() {
        let mut class = Class::of('7');
        class.join(&Class::named('W').unwrap_or_default());
        assert!(class.has('7', false) && class.has('-', false) && class.has('é', false));
        assert!(!class.has('8', false) && !class.has('_', false) && class.has('\0', false));
    }
}
