//! The search: single deviations, then pairs, then triples, the commonest first.

use super::catalogue::{
    CATALOGUE, FIELD_DIFFERS, FIELD_DROPPED, FIELD_NOT_SENT, Family, Mistake, OTHER_SECRET, TIME_REGENERATED,
};
use super::evaluate::{Evaluator, trimmed};
use super::host::{Host, NormalForm, Watch};
use super::numbers::{is_time, renumber};
use super::parts::{Part, Parts};
use super::plan::{Change, KeyForm, Place, Plan};
use super::prefixes::Output;
use super::times::Times;
use super::values::transform;

/// A mistake as it was made in this case.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) mistake: &'static Mistake,
    pub(crate) change: Change,
    /// The field or the secret it is about, or the seconds between two time stamps.
    pub(crate) about: Option<String>,
}

/// What is searched.
#[derive(Clone)]
pub(crate) struct Space<'a> {
    /// The fields that the message signs.
    pub(crate) signed: Vec<Part>,
    /// The field that names the method, if it is there.
    pub(crate) method: Option<Part>,
    /// The field of the signature as it was before signing: empty, or what else stood there.
    pub(crate) signature: Option<Part>,
    /// Fields that the message has and does not sign.
    pub(crate) unsigned: Vec<Part>,
    /// Fields that the message does not have.
    pub(crate) unknown: Vec<Part>,
    /// What the signed text has otherwise than the message, if there is such a text.
    pub(crate) taken: Vec<Part>,
    /// The key first, then the other secrets.
    pub(crate) secrets: Vec<&'a [u8]>,
    pub(crate) secret_names: Vec<&'a str>,
    /// The signature in hand.
    pub(crate) given: &'a [u8],
    /// Whether its digits are lower-case: then it is not of a dialect that writes upper case.
    pub(crate) is_lower: bool,
    pub(crate) normalize: fn(&str, NormalForm, &mut dyn FnMut(char)),
    /// How this message is signed when nothing is wrong.
    pub(crate) documented: Plan,
}

/// A way to make the signature in hand.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) steps: Vec<Step>,
    pub(crate) plan: Plan,
    pub(crate) parts: Vec<Part>,
}

/// What the search found, and how much it tried.
pub(crate) struct Outcome {
    /// The shortest explanations; none when nothing matches.
    pub(crate) proofs: Vec<Proof>,
    pub(crate) tried: usize,
    pub(crate) tried_by_family: [usize; Family::ALL.len()],
    /// Whether the budget ended the search.
    pub(crate) exhausted: bool,
}

impl Outcome {
    /// The outcome of no search.
    pub(crate) const fn nothing() -> Self {
        Self { proofs: Vec::new(), tried: 0, tried_by_family: [0; Family::ALL.len()], exhausted: false }
    }

    fn count(&mut self, chosen: &[&Step], candidates: usize, watch: Option<&mut Watch<'_, '_>>) {
        self.tried += candidates;
        for step in chosen {
            let family = step.mistake.family;
            let index = Family::ALL.iter().position(|candidate| *candidate == family);
            if let Some(count) = index.and_then(|index| self.tried_by_family.get_mut(index)) {
                *count += candidates;
            }
        }
        if let Some(watch) = watch {
            watch.count(candidates);
            self.exhausted |= watch.is_stopped;
        }
    }

    /// The outcome of this search and then of another.
    pub(crate) fn and(mut self, next: Self) -> Self {
        for (count, more) in self.tried_by_family.iter_mut().zip(next.tried_by_family) {
            *count += more;
        }
        Self { tried: self.tried + next.tried, tried_by_family: self.tried_by_family, ..next }
    }
}

impl Space<'_> {
    /// Puts a field in as the signed text has it.
    pub(crate) fn take(&self, index: usize, parts: &mut Parts) {
        if let Some(signed) = self.taken.get(index) {
            parts.put(&signed.name, &signed.value);
        }
    }
}

/// The mistake that a field is not sent as it was signed.
pub(crate) fn take_signed(space: &Space<'_>, index: usize) -> Option<Step> {
    let name = &space.taken.get(index)?.name;
    let is_sent = space.signed.iter().any(|part| part.name == *name);
    let mistake = if is_sent { &FIELD_DIFFERS } else { &FIELD_NOT_SENT };
    Some(Step { mistake, change: Change::TakeSigned(index), about: Some(name.clone()) })
}

/// Whether these steps make the signature in hand from these parts.
pub(crate) fn makes(space: &Space<'_>, steps: &[Step], parts: &[Part]) -> bool {
    let mut run = Run::new(space, 1, Outcome::nothing(), None);
    let (mut plan, mut before, mut changed) = (space.documented, Parts::default(), Parts::default());
    before.fill(parts);
    for step in steps {
        match plan.with(step.change, &space.documented) {
            Some(next) => plan = next,
            None if run.apply(&before, step.change, &mut changed) => std::mem::swap(&mut before, &mut changed),
            // What changes nothing here is no obstacle: the signature decides.
            None => {}
        }
    }
    run.attempt(plan, &before, &[]);
    !run.outcome.proofs.is_empty()
}

/// Tries up to `deepest` mistakes together; other time stamps too, if that is three.
pub(crate) fn search(space: &Space<'_>, budget: usize, deepest: usize, watch: &mut Watch<'_, '_>) -> Outcome {
    let outcome = Outcome { exhausted: watch.is_stopped, ..Outcome::nothing() };
    let mut run = Run::new(space, budget, outcome, Some(watch));
    let (plans, values): (Vec<Step>, Vec<Step>) = singles(space).into_iter().partition(|step| step.change.is_plan());
    for depth in 0..=deepest {
        for value_steps in 0..=depth {
            run.values(&values, &space.signed, &mut Vec::new(), value_steps, &plans, depth);
        }
        // Some 170,000 candidates: after the pairs, which are a few thousand.
        if depth == 2 && deepest > 2 && run.outcome.proofs.is_empty() {
            run.times(space.documented, &[]);
        }
        if !run.outcome.proofs.is_empty() {
            break;
        }
    }
    if deepest > 2 && run.outcome.proofs.is_empty() {
        for step in &plans {
            if let Some(plan) = space.documented.with(step.change, &space.documented) {
                run.times(plan, &[step]);
            }
            if !run.outcome.proofs.is_empty() {
                break;
            }
        }
    }
    run.outcome
}

/// About how many candidates there are: the combinations of up to three steps, few of which exclude each other, and the time
/// stamps under each plan.
pub(crate) fn estimate(space: &Space<'_>) -> usize {
    let steps = singles(space);
    let documented = space.documented;
    let plans = steps.iter().filter_map(|step| documented.with(step.change, &documented));
    let times = plans.chain([documented]).filter(|plan| plan.is_plain(space.given.len())).count();
    let has_time = space.signed.iter().any(|part| is_time(&part.name));
    let few = steps.len();
    few * few.saturating_sub(1) / 2 * few.saturating_sub(2) / 3 + if has_time { times * Times::COUNT } else { 0 }
}

/// Every deviation that this case can have.
fn singles(space: &Space<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut add = |mistake, change, about| steps.push(Step { mistake, change, about });
    let is_keyed = space.documented.place != Place::Missing;
    for (index, name) in space.secret_names.iter().enumerate().skip(1).filter(|_| is_keyed) {
        add(&OTHER_SECRET, Change::Secret(index), Some((*name).to_owned()));
    }
    for step in (0..space.taken.len()).filter_map(|index| take_signed(space, index)) {
        add(step.mistake, step.change, step.about);
    }
    for entry in CATALOGUE {
        let possible = match entry.change {
            Change::UpperHex => false,
            Change::KeyForm(_) if !is_keyed => false,
            Change::Place(place) => is_keyed == (place != Place::Sorted),
            Change::KeyForm(KeyForm::Trimmed) => space.secrets.iter().any(|key| trimmed(key).len() < key.len()),
            Change::Dialect(_) => !space.is_lower,
            Change::SignMethod => space.method.is_some(),
            Change::SignSignature => space.signature.is_some(),
            Change::SignUnsigned => !space.unsigned.is_empty(),
            Change::SignUnknown => !space.unknown.is_empty(),
            _ => true,
        };
        if possible {
            add(entry, entry.change, None);
        }
    }
    for (index, part) in space.signed.iter().enumerate() {
        add(&FIELD_DROPPED, Change::DropField(index), Some(part.name.clone()));
    }
    steps
}

struct Run<'a, 's, 'w, 'h> {
    space: &'s Space<'a>,
    evaluator: Evaluator,
    /// A value while it is written.
    written: Vec<u8>,
    /// Memory for changed parts, one for each step that changes values.
    spare: Vec<Parts>,
    budget: usize,
    outcome: Outcome,
    watch: Option<&'s mut Watch<'w, 'h>>,
}

impl<'a, 's, 'w, 'h> Run<'a, 's, 'w, 'h> {
    fn new(space: &'s Space<'a>, budget: usize, outcome: Outcome, watch: Option<&'s mut Watch<'w, 'h>>) -> Self {
        Self { space, evaluator: Evaluator::default(), written: Vec::new(), spare: Vec::new(), budget, outcome, watch }
    }

    /// Chooses `left` more steps that change values, then the rest of `depth` among the plans.
    fn values<'p>(
        &mut self,
        choices: &'p [Step],
        parts: &[Part],
        chosen: &mut Vec<&'p Step>,
        left: usize,
        plans: &'p [Step],
        depth: usize,
    ) {
        if left == 0 {
            let plan_steps = depth - chosen.len();
            self.plans(plans, self.space.documented, parts, chosen, plan_steps);
            return;
        }
        let mut changed = self.spare.pop().unwrap_or_default();
        for (index, step) in choices.iter().enumerate() {
            if self.is_over(depth) {
                break;
            }
            if !self.apply(parts, step.change, &mut changed) {
                continue;
            }
            chosen.push(step);
            self.values(choices.get(index + 1..).unwrap_or_default(), &changed, chosen, left - 1, plans, depth);
            chosen.pop();
        }
        self.spare.push(changed);
    }

    fn plans<'p>(&mut self, choices: &'p [Step], plan: Plan, parts: &[Part], chosen: &mut Vec<&'p Step>, left: usize) {
        if left == 0 {
            self.attempt(plan, parts, chosen);
            return;
        }
        for (index, step) in choices.iter().enumerate() {
            if self.is_over(chosen.len() + left) {
                return;
            }
            let Some(next) = plan.with(step.change, &self.space.documented) else { continue };
            // Nothing else changes the digest's size.
            if left == 1 && next.digest.length() != self.space.given.len() {
                continue;
            }
            chosen.push(step);
            self.plans(choices.get(index + 1..).unwrap_or_default(), next, parts, chosen, left - 1);
            chosen.pop();
        }
    }

    /// Triples end with the first proof; at less depth all proofs of that depth are wanted.
    fn is_over(&mut self, depth: usize) -> bool {
        if self.outcome.tried >= self.budget {
            self.outcome.exhausted = true;
        }
        self.outcome.exhausted || (depth > 2 && !self.outcome.proofs.is_empty())
    }

    fn attempt(&mut self, plan: Plan, parts: &[Part], chosen: &[&Step]) {
        if plan.digest.length() != self.space.given.len() {
            return;
        }
        self.outcome.count(chosen, 1, self.watch.as_deref_mut());
        let output = self.evaluator.digest(&plan, parts, &self.space.secrets);
        if self.is_given(&output) {
            self.outcome.proofs.push(Proof {
                steps: chosen.iter().copied().cloned().collect(),
                plan,
                parts: parts.to_vec(),
            });
        }
    }

    fn is_given(&self, output: &Output) -> bool {
        output.get(..self.space.given.len()).is_some_and(|bytes| bytes == self.space.given)
    }

    /// Makes the changed parts; false when nothing changes.
    fn apply(&mut self, parts: &[Part], change: Change, into: &mut Parts) -> bool {
        let space = self.space;
        let with = |more: &[Part], into: &mut Parts| into.fill(parts.iter().chain(more));
        match change {
            Change::DropField(index) => {
                let Some(dropped) = space.signed.get(index) else { return false };
                into.fill(parts.iter().filter(|part| part.name != dropped.name));
            }
            Change::SignMethod => with(space.method.as_slice(), into),
            Change::SignSignature => with(space.signature.as_slice(), into),
            Change::SignUnsigned => with(&space.unsigned, into),
            Change::SignUnknown => with(&space.unknown, into),
            Change::TakeSigned(index) => {
                into.fill(parts);
                space.take(index, into);
            }
            Change::Values(kind) => return transform(parts, kind, space.normalize, &mut self.written, into),
            Change::Number(form) => return renumber(parts, form, &mut self.written, into),
            _ => return false,
        }
        **into != *parts
    }

    /// Every time stamp within a day of the one in hand, under one plan.
    fn times(&mut self, plan: Plan, chosen: &[&Step]) {
        let space = self.space;
        if plan.digest.length() != space.given.len() {
            return;
        }
        let Some(index) = space.signed.iter().position(|part| is_time(&part.name)) else { return };
        let Some(old) = space.signed.get(index).map(|part| part.value.clone()) else { return };
        let Ok(time) = old.parse::<i64>() else { return };
        let Some(around) = self.evaluator.around(&plan, &space.signed, &space.secrets, &old) else { return };
        let Some(times) = Times::new(plan.digest, around, time, space.given) else { return };
        let left = self.budget.saturating_sub(self.outcome.tried);
        let end = left.min(Times::COUNT);
        let (mut tried, mut found) = (0, None);
        while tried < end && found.is_none() && !self.outcome.exhausted {
            let to = end.min(tried + Host::EVERY);
            found = times.find(tried..to);
            let next = found.map_or(to, |found| found + 1);
            self.outcome.count(chosen, next - tried, self.watch.as_deref_mut());
            tried = next;
        }
        self.outcome.exhausted |= tried >= left;
        if let Some(seconds) = found.map(Times::seconds) {
            let step =
                Step { mistake: &TIME_REGENERATED, change: TIME_REGENERATED.change, about: Some(seconds.to_string()) };
            let mut parts = space.signed.clone();
            if let Some(part) = parts.get_mut(index) {
                part.value = (time + seconds).to_string();
            }
            let steps = chosen.iter().copied().cloned().chain([step]).collect();
            self.outcome.proofs.push(Proof { steps, plan, parts });
        }
    }
}
