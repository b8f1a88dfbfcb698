//! The fields of a candidate, in memory that candidates share.

use std::ops::Deref;

/// A field as a candidate signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Parts that are made anew again and again: what was used once is not given back.
#[derive(Default)]
pub(crate) struct Parts {
    memory: Vec<Part>,
    count: usize,
}

impl Parts {
    /// Becomes these parts.
    pub(crate) fn fill<'p>(&mut self, parts: impl IntoIterator<Item = &'p Part>) {
        self.clear();
        for part in parts {
            self.push(&part.name, &part.value);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.count = 0;
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        match self.memory.get_mut(self.count) {
            Some(part) => {
                set(&mut part.name, name);
                set(&mut part.value, value);
            }
            None => self.memory.push(Part { name: name.to_owned(), value: value.to_owned() }),
        }
        self.count += 1;
    }

    /// Gives the part of this name the value; where there is none, it is one more.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        match self.memory.iter_mut().take(self.count).find(|part| part.name == name) {
            Some(part) => set(&mut part.value, value),
            None => self.push(name, value),
        }
    }
}

impl Deref for Parts {
    type Target = [Part];

    fn deref(&self) -> &[Part] {
        self.memory.get(..self.count).unwrap_or_default()
    }
}

fn set(text: &mut String, to: &str) {
    text.clear();
    text.push_str(to);
}
