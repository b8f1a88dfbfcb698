//! Where two texts differ.

use serde::Serialize;

/// A stretch in which two texts differ: from and to, in characters, in each of them. One of the two may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// In the documented text.
    pub documented: [usize; 2],
    /// In the signed text.
    pub signed: [usize; 2],
}

/// Texts beyond this length are compared by what they begin and end with.
const LONGEST: usize = 4096;

/// The stretches in which the texts differ.
pub(crate) fn between(documented: &str, signed: &str) -> Vec<Difference> {
    let (a, b): (Vec<char>, Vec<char>) = (documented.chars().collect(), signed.chars().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a.iter().skip(head).rev().zip(b.iter().skip(head).rev()).take_while(|(a, b)| a == b).count();
    let (a_end, b_end) = (a.len() - tail, b.len() - tail);
    let (a, b) = (a.get(head..a_end).unwrap_or_default(), b.get(head..b_end).unwrap_or_default());
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    if a.len().max(b.len()) > LONGEST {
        return vec![Difference { documented: [head, a_end], signed: [head, b_end] }];
    }
    common(a, b, head)
}

/// The gaps between the pieces of a longest common subsequence.
fn common(a: &[char], b: &[char], offset: usize) -> Vec<Difference> {
    let width = b.len() + 1;
    let mut lengths = vec![0u16; (a.len() + 1) * width];
    let at = |lengths: &[u16], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or_default();
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let best = if x == y {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut differences: Vec<Difference> = Vec::new();
    let mut open: Option<[usize; 2]> = None;
    loop {
        let same = i < a.len() && j < b.len() && a.get(i) == b.get(j);
        if same || (i == a.len() && j == b.len()) {
            if let Some([from_a, from_b]) = open.take() {
                differences.push(Difference {
                    documented: [offset + from_a, offset + i],
                    signed: [offset + from_b, offset + j],
                });
            }
            if !same {
                return differences;
            }
            i += 1;
            j += 1;
        } else {
            open.get_or_insert([i, j]);
            if j == b.len() || (i < a.len() && at(&lengths, i + 1, j) >= at(&lengths, i, j + 1)) {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, between};

    #[test]
    fn differences_are_the_gaps_between_what_is_common() {
        let gap = |documented, signed| Difference { documented, signed };
        assert_eq!(between("same", "same"), []);
        assert_eq!(between("a=1&b=2", "a=1&B=2"), [gap([4, 5], [4, 5])]);
        assert_eq!(between("a=&b=2", "b=2"), [gap([0, 3], [0, 0])]);
        assert_eq!(
            between("AppId=1&b", "appid=1&b&"),
            [gap([0, 1], [0, 1]), gap([3, 4], [3, 4]), gap([9, 9], [9, 10])]
        );
        assert_eq!(between("", "x"), [gap([0, 0], [0, 1])]);
    }
}
