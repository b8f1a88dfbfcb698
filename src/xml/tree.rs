//! The reader for documents whose fields nobody has listed: the pushes, of which WeChat has hundreds and adds more.
//!
//! It is as strict as the other one in everything but which elements there may be, and as flat in what it returns.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::scanner::Scanner;
use super::{TAG, TRAILING, text};
use crate::error::Error;

/// An element right below the root: its name, and its text, unless it holds other elements.
pub(crate) type Child<'a> = (&'a str, Option<Cow<'a, [u8]>>);

/// Reads a document, which [`decode`](super::decode) has looked at, of the grammar
///
/// ```text
/// document = declaration? S? "<xml>" S? (element S?)* "</xml>" S?
/// element  = "<" Name ">" (text | CDATA | reference | element)* "</" Name ">" | "<" Name "/>"
/// Name     = [A-Za-z_][A-Za-z0-9_.-]*
/// ```
pub(crate) fn read(document: &str) -> Result<Vec<Child<'_>>, Error> {
    let mut scanner = Scanner::new(document);
    scanner.declaration()?;
    scanner.take_space();
    scanner.root()?;
    let mut children = Vec::with_capacity(16);
    loop {
        scanner.take_space();
        let start = scanner.position();
        match scanner.end_tag()? {
            Some("xml") => break,
            Some(_) => return Err(TAG.at(start)),
            None => children.push(child(&mut scanner)?),
        }
    }
    scanner.take_space();
    if scanner.is_at_end() { Ok(children) } else { Err(scanner.refuse(TRAILING)) }
}

fn child<'a>(scanner: &mut Scanner<'a>) -> Result<Child<'a>, Error> {
    let (name, is_empty) = scanner.any_start_tag()?;
    if is_empty {
        return Ok((name, Some(Cow::Borrowed(&[]))));
    }
    let value = text::<true>(scanner)?;
    let mut is_flat = true;
    // No recursion: the body decides how deep it goes.
    let mut open = Vec::from([name]);
    while let Some(innermost) = open.last().copied() {
        let start = scanner.position();
        match scanner.end_tag()? {
            Some(closed) if closed == innermost => {
                open.pop();
            }
            Some(_) => return Err(TAG.at(start)),
            None => {
                is_flat = false;
                let (name, is_empty) = scanner.any_start_tag()?;
                if !is_empty {
                    open.push(name);
                }
            }
        }
        if !open.is_empty() {
            text::<true>(scanner)?;
        }
    }
    Ok((name, is_flat.then_some(value)))
}
