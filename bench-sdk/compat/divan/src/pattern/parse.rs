//! Reads patterns.

use std::iter::Peekable;
use std::str::Chars;

use super::syntax::{Class, Node, Place};

/// Groups within groups.
const MOST_DEPTH: u32 = 100;
/// How often something may be repeated by number.
const MOST_REPEATS: u32 = 1000;

/// Reads a pattern; also whether case does not matter.
pub(super) fn parse(text: &str) -> Result<(Node, bool), String> {
    let (text, any_case) = match text.strip_prefix("(?i)") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let mut reader = Reader { rest: text.chars().peekable(), depth: 0 };
    let node = reader.either()?;
    match reader.rest.next() {
        None => Ok((node, any_case)),
        Some(c) => Err(format!("`{c}` closes nothing")),
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    depth: u32,
}

impl Reader<'_> {
    fn either(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.sequence()?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while self.rest.peek().is_some_and(|c| !matches!(c, '|' | ')')) {
            let atom = self.atom()?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(Node::Sequence(nodes))
    }

    /// The atom with what is said of its number behind it.
    fn repeated(&mut self, mut node: Node) -> Result<Node, String> {
        while let Some(c) = self.rest.next_if(|c| matches!(c, '*' | '+' | '?' | '{')) {
            let (least, most) = match c {
                '*' => (0, None),
                '+' => (1, None),
                '?' => (0, Some(1)),
                _ => self.bounds()?,
            };
            // Whether few or many are preferred makes no difference to whether there is a match.
            self.rest.next_if_eq(&'?');
            node = Node::Repeat(Box::new(node), least, most);
        }
        Ok(node)
    }

    /// `3}`, `3,}` or `3,5}`
    fn bounds(&mut self) -> Result<(u32, Option<u32>), String> {
        let mut inside = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(c) => inside.push(c),
                None => return Err("`{` is not closed".to_owned()),
            }
        }
        let number = |text: &str| {
            let number = text.parse().ok().filter(|number| *number <= MOST_REPEATS);
            number.ok_or_else(|| format!("`{{{inside}}}` is no number of times"))
        };
        let bounds = match inside.split_once(',') {
            None => (number(&inside)?, Some(number(&inside)?)),
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        if bounds.1.is_some_and(|most| most < bounds.0) {
            return Err(format!("`{{{inside}}}` ends before it begins"));
        }
        Ok(bounds)
    }

    fn atom(&mut self) -> Result<Node, String> {
        match self.rest.next() {
            Some('(') => self.group(),
            Some('[') => self.class().map(Node::One),
            Some('.') => Ok(Node::One(Class::any())),
            Some('^') => Ok(Node::Place(Place::Start)),
            Some('$') => Ok(Node::Place(Place::End)),
            Some('\\') => self.escaped(),
            Some(c @ ('*' | '+' | '?')) => Err(format!("`{c}` repeats nothing")),
            Some(c) => Ok(Node::One(Class::of(c))),
            None => Err("something is missing at its end".to_owned()),
        }
    }

    fn group(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err("its groups are too deep".to_owned());
        }
        if self.rest.next_if_eq(&'?').is_some() {
            self.rest.next_if_eq(&'P');
            match self.rest.next() {
                Some(':') => {}
                // What a group is called is of no use to a filter.
                Some('<') => while self.rest.next().is_some_and(|c| c != '>') {},
                _ => {
                    return Err("of the `(?..)` only `(?:`, `(?<` and a leading `(?i)` are known"
                        .to_owned());
                }
            }
        }
        let node = self.either()?;
        self.depth -= 1;
        match self.rest.next() {
            Some(_) => Ok(node),
            None => Err("`(` is not closed".to_owned()),
        }
    }

    fn escaped(&mut self) -> Result<Node, String> {
        let c = self.rest.next().ok_or("`\\` has nothing behind it")?;
        let place = match c {
            'b' => Some(Place::Edge),
            'B' => Some(Place::NoEdge),
            'A' => Some(Place::Start),
            'z' => Some(Place::End),
            _ => None,
        };
        if let Some(place) = place {
            return Ok(Node::Place(place));
        }
        match Class::named(c) {
            Some(class) => Ok(Node::One(class)),
            None => escaped_character(c).map(|c| Node::One(Class::of(c))),
        }
    }

    /// What stands behind `[`.
    fn class(&mut self) -> Result<Class, String> {
        let mut class = Class::default();
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut is_first = true;
        loop {
            let first = match self.rest.next() {
                Some(']') if !is_first => break,
                Some('\\') => {
                    let c = self.rest.next().ok_or("`[` is not closed")?;
                    if let Some(named) = Class::named(c) {
                        class.join(&named);
                        is_first = false;
                        continue;
                    }
                    escaped_character(c)?
                }
                Some(c) => c,
                None => return Err("`[` is not closed".to_owned()),
            };
            is_first = false;
            let last = self.end_of_range(first)?;
            class.add(first, last);
        }
        if negated {
            class.negate();
        }
        Ok(class)
    }

    /// The other end of `a-z`, or the same character where none follows.
    fn end_of_range(&mut self, first: char) -> Result<char, String> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || ahead.peek().is_none_or(|c| *c == ']') {
            return Ok(first);
        }
        self.rest.next();
        let last = match self.rest.next() {
            Some('\\') => escaped_character(self.rest.next().ok_or("`[` is not closed")?)?,
            Some(c) => c,
            None => return Err("`[` is not closed".to_owned()),
        };
        if last < first {
            return Err(format!("`{first}-{last}` ends before it begins"));
        }
        Ok(last)
    }
}

fn escaped_character(c: char) -> Result<char, String> {
    match c {
        'n' => Ok('\n'),
        't' => Ok('\t'),
        'r' => Ok('\r'),
        c if c.is_ascii_alphanumeric() => Err(format!("`\\{c}` is not known")),
        c => Ok(c),
    }
}
