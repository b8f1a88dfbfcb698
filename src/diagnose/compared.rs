//! The message beside the text that was signed, when a person has both.

use serde::Serialize;

use super::Case;
use super::host::Watch;
use super::parts::{Part, Parts};
use super::search::{Outcome, Proof, Space, Step, makes, search, take_signed};
use crate::message::{Message, Role};

/// A field in which the message and the signed text differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDifference {
    /// Its name, as the message spells it.
    pub name: String,
    /// Its value in the message; `None` when it is not there.
    pub sent: Option<String>,
    /// Its value in the signed text; `None` when it is not there.
    pub signed: Option<String>,
}

/// Every field in which the two differ, in the order of the message; what is in the signed text alone follows.
pub(crate) fn differences(case: &Case<'_>) -> Vec<FieldDifference> {
    let Some(text) = case.signed else { return Vec::new() };
    let value_in = |fields: &crate::Fields<'_>, name: &str| {
        fields.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let sent = case.fields.iter().filter(|(name, _)| is_signed(case.message, name)).map(|(name, value)| {
        FieldDifference { name: name.to_owned(), sent: Some(value.to_owned()), signed: value_in(text, name) }
    });
    let signed = text
        .iter()
        .filter(|(name, _)| value_in(case.fields, name).is_none())
        .map(|(name, value)| FieldDifference { name: name.to_owned(), sent: None, signed: Some(value.to_owned()) });
    sent.chain(signed).filter(|field| field.sent != field.signed).collect()
}

fn is_signed(message: &Message, name: &str) -> bool {
    message.field(name).is_some_and(|field| field.role == Role::Signed)
}

/// Searches; when the message and the signed text differ in many values, they are one step together, because a person has
/// shown that they differ.
pub(crate) fn prove(space: &Space<'_>, budget: usize, watch: &mut Watch<'_, '_>) -> Outcome {
    const PAIRS: usize = 2;
    const TRIPLES: usize = 3;
    let (differing, more): (Vec<usize>, Vec<usize>) = (0..space.taken.len()).partition(|index| is_sent(space, *index));
    if differing.len() <= PAIRS {
        return search(space, budget, TRIPLES, watch);
    }
    let near = search(space, budget, PAIRS, watch);
    if !near.proofs.is_empty() || near.exhausted {
        return near;
    }
    let more = more.into_iter().filter_map(|index| space.taken.get(index).cloned());
    let whole = Space { signed: with_signed(space, &differing), taken: more.collect(), ..space.clone() };
    let mut together = search(&whole, budget.saturating_sub(near.tried), PAIRS, watch);
    if together.exhausted && together.proofs.is_empty() {
        return near.and(together);
    }
    if together.proofs.is_empty() {
        let tried = near.tried + together.tried;
        return near.and(together).and(search(space, budget.saturating_sub(tried), TRIPLES, watch));
    }
    for proof in &mut together.proofs {
        let needed = needed(space, &whole, proof, differing.clone());
        let steps = needed.into_iter().filter_map(|index| take_signed(space, index));
        proof.steps = steps.chain(proof.steps.drain(..)).collect();
    }
    near.and(together)
}

fn is_sent(space: &Space<'_>, index: usize) -> bool {
    space.taken.get(index).is_some_and(|taken| space.signed.iter().any(|part| part.name == taken.name))
}

fn with_signed(space: &Space<'_>, indexes: &[usize]) -> Vec<Part> {
    let mut parts = Parts::default();
    parts.fill(&space.signed);
    for index in indexes {
        space.take(*index, &mut parts);
    }
    parts.to_vec()
}

/// The fields without whose signed value the proof is none.
fn needed(space: &Space<'_>, whole: &Space<'_>, proof: &Proof, mut indexes: Vec<usize>) -> Vec<usize> {
    let steps: &[Step] = &proof.steps;
    for index in indexes.clone() {
        let without: Vec<usize> = indexes.iter().copied().filter(|other| *other != index).collect();
        if makes(whole, steps, &with_signed(space, &without)) {
            indexes = without;
        }
    }
    indexes
}
