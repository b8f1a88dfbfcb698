//! What a search needs of where it runs.

use std::ops::ControlFlow;

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many candidates have been tried.
    pub tried: usize,
    /// About how many there are; never less than `tried`.
    pub total: usize,
}

/// Two spellings of one text in Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalForm {
    /// Composed: `é` is one character.
    Nfc,
    /// Decomposed: `é` is two.
    Nfd,
}

/// What a search asks and tells.
pub struct Host<'h> {
    /// Called about every [`Host::EVERY`] candidates; a break ends the search, and what is known by then is the answer.
    pub on_progress: &'h mut dyn FnMut(Progress) -> ControlFlow<()>,
    /// Hands over the text in a normal form, character by character.
    pub normalize: fn(&str, NormalForm, &mut dyn FnMut(char)),
}

impl<'h> Host<'h> {
    /// How many candidates there are from one report to the next, about a hundredth of a second's work.
    pub const EVERY: usize = 50_000;

    /// With the normal forms of the crate `unicode-normalization`.
    #[cfg(feature = "diagnose")]
    #[must_use]
    pub fn new(on_progress: &'h mut dyn FnMut(Progress) -> ControlFlow<()>) -> Self {
        use unicode_normalization::UnicodeNormalization as _;
        let normalize = |text: &str, form, push: &mut dyn FnMut(char)| match form {
            NormalForm::Nfc => text.nfc().for_each(push),
            NormalForm::Nfd => text.nfd().for_each(push),
        };
        Self { on_progress, normalize }
    }
}

/// The candidates of a whole diagnosis, which may be several searches.
pub(crate) struct Watch<'w, 'h> {
    host: &'w mut Host<'h>,
    so_far: Progress,
    pub(crate) is_stopped: bool,
}

impl<'w, 'h> Watch<'w, 'h> {
    pub(crate) fn new(host: &'w mut Host<'h>, total: usize) -> Self {
        Self { host, so_far: Progress { tried: 0, total }, is_stopped: false }
    }

    pub(crate) fn count(&mut self, candidates: usize) {
        let Progress { tried, total } = self.so_far;
        let tried_now = tried + candidates;
        self.so_far = Progress { tried: tried_now, total: total.max(tried_now) };
        if tried / Host::EVERY < tried_now / Host::EVERY && !self.is_stopped {
            self.is_stopped = (self.host.on_progress)(self.so_far).is_break();
        }
    }
}
