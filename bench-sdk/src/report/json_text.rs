//! JSON objects whose fields keep the order they are documented in.

use serde_json::{Number, Value};

/// An object that is being written.
pub(super) struct Object(String);

impl Object {
    /// It has no fields yet.
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a text.
    pub(super) fn text(self, name: &str, value: &str) -> Self {
        self.raw(name, &quoted(value))
    }

    /// Adds a number; one that is not finite is left out, JSON has no word for it.
    pub(super) fn number(self, name: &str, value: f64) -> Self {
        match number(value) {
            Some(text) => self.raw(name, &text),
            None => self,
        }
    }

    /// Adds a whole number.
    pub(super) fn count(self, name: &str, value: usize) -> Self {
        self.raw(name, &value.to_string())
    }

    /// Adds what is JSON already.
    pub(super) fn raw(mut self, name: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quoted(name));
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    /// The finished object.
    pub(super) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A list with an entry on each line.
pub(super) fn lines(entries: &[String]) -> String {
    if entries.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", entries.join(",\n"))
}

/// A list on one line.
pub(super) fn numbers(values: &[f64]) -> String {
    let shown: Vec<String> = values.iter().filter_map(|value| number(*value)).collect();
    format!("[{}]", shown.join(","))
}

/// A number as short as it can be without losing anything; `None` where it is not finite.
pub(super) fn number(value: f64) -> Option<String> {
    Number::from_f64(value).map(|number| number.to_string())
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "text that is not JSON fails the test")]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_texts_are_escaped() {
        let object = Object::new()
            .text("z", "a\"b\\\n\u{1b}é</script>")
            .number("a", 1e300)
            .number("gone", f64::NAN)
            .count("n", 3)
            .raw("list", &numbers(&[0.5, f64::INFINITY, 2.0]))
            .end();
        assert_eq!(
            object,
            "{\"z\":\"a\\\"b\\\\\\n\\u001bé</script>\",\"a\":1e+300,\"n\":3,\"list\":[0.5,2.0]}"
        );
        let read: Value = serde_json::from_str(&lines(&[object, "{}".to_owned()])).unwrap();
        assert_eq!(read[0]["z"], "a\"b\\\n\u{1b}é</script>");
        assert_eq!(read[1], serde_json::json!({}));
        assert_eq!(lines(&[]), "[]\n");
    }
}
