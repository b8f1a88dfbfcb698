//! Name/value pairs in the order in which they came.

use alloc::borrow::Cow;
use alloc::vec::Vec;

/// The fields of a message as received or as given: ordered, names in any letter case, nothing merged.
///
/// ```
/// let fields = paysign::Fields::from_iter([("AppId", "wxf8b4f85f3a794e77"), ("TimeStamp", "1393400471")]);
/// assert_eq!(fields.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a pair at the end.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.0.push((name.into(), value.into()));
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl<'a, N: Into<Cow<'a, str>>, V: Into<Cow<'a, str>>> FromIterator<(N, V)> for Fields<'a> {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stay_in_their_order_and_none_is_merged() {
        let mut fields = Fields::new();
        assert_eq!((fields.len(), fields.is_empty()), (0, true));
        for (name, value) in [("b", "2"), ("a", "1"), ("b", "2")] {
            fields.push(name, value);
        }
        assert_eq!((fields.len(), fields.is_empty()), (3, false));
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("b", "2"), ("a", "1"), ("b", "2")]);
        assert_eq!(fields, Fields::from_iter([("b", "2"), ("a", "1"), ("b", "2")]));
    }
}
