//! What every message from WeChat has in common: read strictly against the table, then verified.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorCode};
use crate::message::{Field, Message, Presence, Role, missing, refuse_key, unknown};
use crate::secret::{AppKey, Secret};
use crate::signature::{self, Pair, Signature};
use crate::{query, xml};

/// A message that was read: exactly the fields of the table, each as often as it may stand, each by its grammar.
pub(crate) struct Incoming<'a> {
    pub(crate) message: &'static Message,
    /// Which field, and its value, in the order in which they came.
    values: Vec<(usize, Cow<'a, [u8]>)>,
}

impl<'a> Incoming<'a> {
    pub(crate) fn from_xml(message: &'static Message, body: &'a [u8]) -> Result<Self, Error> {
        let nested = message.fields.iter().map(|field| field.name).filter(|name| name.contains('/'));
        let elements = xml::read(body, nested)?.into_iter();
        Self::collect(message, &mut elements.map(|element| (element.name, element.value, element.position)))
    }

    pub(crate) fn from_query(message: &'static Message, query: &'a str, plus: query::Plus) -> Result<Self, Error> {
        let parameters = query::read(query, plus)?.into_iter();
        // An empty value is not signed, so it says nothing.
        let parameters = parameters.filter(|parameter| !parameter.value.is_empty());
        Self::collect(
            message,
            &mut parameters.map(|parameter| (parameter.name, Cow::Owned(parameter.value), parameter.position)),
        )
    }

    /// Reads a message, and checks account and signature against each of the paySignKeys.
    pub(crate) fn verified(
        message: &'static Message,
        body: &'a [u8],
        app_id: &str,
        keys: &[AppKey],
    ) -> Result<Self, Error> {
        let mut incoming = Self::from_xml(message, body)?;
        incoming.verify(app_id, keys)?;
        Ok(incoming)
    }

    /// Both kinds of message through the same instructions, so that the module has them once.
    fn collect<'n>(
        message: &'static Message,
        found: &mut dyn Iterator<Item = (&'n str, Cow<'a, [u8]>, usize)>,
    ) -> Result<Self, Error> {
        let mut values: Vec<(usize, Cow<'a, [u8]>)> = Vec::with_capacity(message.fields.len());
        for (name, value, position) in found {
            let known = message.fields.iter().enumerate().find(|(_, field)| field.name == name);
            let (index, field) = known.ok_or_else(|| unknown().at(position))?;
            let most = if let Presence::List { max } = field.presence { max } else { 1 };
            if values.iter().filter(|(other, _)| *other == index).count() == most {
                let sentence = "{field} stands more often than the message has it.";
                return Err(Error::new(ErrorCode::FieldDuplicate, sentence).in_field(field.name).at(position));
            }
            let value = if field.grammar.trims() { trimmed(value) } else { value };
            field.check_bytes(&value)?;
            values.push((index, value));
        }
        let mut fields = message.fields.iter().enumerate();
        match fields
            .find(|(index, field)| field.presence == Presence::Once && !values.iter().any(|(found, _)| found == index))
        {
            Some((_, field)) => Err(missing(field)),
            None => Ok(Self { message, values }),
        }
    }

    fn verify(&mut self, app_id: &str, keys: &[AppKey]) -> Result<(), Error> {
        let keys: Vec<_> = keys.iter().map(AppKey::secret).collect();
        self.refuse_keys(&keys)?;
        if self.get("AppId") != Some(app_id.as_bytes()) {
            return Err(Error::new(
                ErrorCode::AppIdMismatch,
                "<AppId> is not the configured AppId: the message is for another account, or the configuration is.",
            )
            .in_field("AppId"));
        }
        // XML lets a processor read CR LF as LF, and senders differ in which they sign: the values are tried as sent,
        // then folded; what verified is what is returned (THREATS 1.3, row 24).
        if self.matches(&keys) || (self.fold() && self.matches(&keys)) {
            return Ok(());
        }
        Err(self.mismatch(
            "The signature does not belong to these fields under this paySignKey. Check that the key is the \
             paySignKey (not the AppSecret, not the partnerKey) of this AppId; if it is, the message is not genuine.",
        ))
    }

    pub(crate) fn refuse_keys(&self, keys: &[&Secret]) -> Result<(), Error> {
        self.fields().try_for_each(|(field, value)| keys.iter().try_for_each(|key| refuse_key(field, value, key)))
    }

    pub(crate) fn mismatch(&self, sentence: &'static str) -> Error {
        let field = self.message.fields.iter().find(|field| field.role == Role::Signature);
        Error::new(ErrorCode::SignatureMismatch, sentence).in_field(field.map_or("signature", |field| field.name))
    }

    pub(crate) fn matches(&self, keys: &[&Secret]) -> bool {
        let given = self
            .fields()
            .find(|(field, _)| field.role == Role::Signature)
            .and_then(|(_, value)| Signature::from_hex(core::str::from_utf8(value).ok()?, self.message.recipe));
        let Some(given) = given else { return false };
        let pairs: Vec<Pair<'_>> = self.signed().map(|(field, value)| (field.name, value)).collect();
        // Every key is tried, so that the time does not tell which one matched.
        let signed_by = |key: &&&Secret| signature::sign(self.message.recipe, &pairs, Some(key)).matches(&given);
        keys.iter().filter(signed_by).count() > 0
    }

    /// Folds CR LF and CR to LF as XML 1.0, 2.11 has it; says whether that changed anything.
    fn fold(&mut self) -> bool {
        let mut changed = false;
        for (_, value) in self.values.iter_mut().filter(|(_, value)| value.contains(&b'\r')) {
            let mut folded = Vec::with_capacity(value.len());
            let mut bytes = value.iter().copied().peekable();
            while let Some(byte) = bytes.next() {
                if byte == b'\r' {
                    bytes.next_if_eq(&b'\n');
                }
                folded.push(if byte == b'\r' { b'\n' } else { byte });
            }
            *value = Cow::Owned(folded);
            changed = true;
        }
        changed
    }

    /// SHA-256 over the signed fields without the key, each name and value closed by a NUL byte, which no value can
    /// hold: equal for two messages exactly when their signed fields are equal.
    pub(crate) fn dedup_key(&self) -> String {
        // One text and one call of the hash: each costs more than the bytes that it moves.
        let mut text = Vec::with_capacity(256);
        for (field, value) in self.fields_in_order().filter(|(field, _)| field.role == Role::Signed) {
            text.extend_from_slice(field.name.as_bytes());
            text.push(0);
            text.extend_from_slice(value);
            text.push(0);
        }
        signature::hexadecimal(&Sha256::digest(&text))
    }

    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.fields().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    /// The text of a field, empty if it is absent.
    pub(crate) fn text(&self, name: &str) -> String {
        self.optional(name).unwrap_or_default()
    }

    /// The text of a field, if it is there.
    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        self.get(name).map(owned)
    }

    /// The texts of a list.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let values = self.fields().filter(|(field, _)| field.name == name);
        values.map(|(_, value)| owned(value)).collect()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static Field, &[u8])> {
        let fields = self.message.fields;
        self.values.iter().filter_map(move |(index, value)| Some((fields.get(*index)?, value.as_ref())))
    }

    /// The same in the order of the table.
    pub(crate) fn fields_in_order(&self) -> impl Iterator<Item = (&'static Field, &[u8])> {
        let values = |index| self.values.iter().filter(move |(found, _)| *found == index);
        let fields = self.message.fields.iter().enumerate();
        fields.flat_map(move |(index, field)| values(index).map(move |(_, value)| (field, value.as_ref())))
    }

    fn signed(&self) -> impl Iterator<Item = (&'static Field, &[u8])> {
        self.fields().filter(|(field, _)| field.role == Role::Signed)
    }
}

/// Asked of bodies alone, which are UTF-8: `xml::read` refuses all others.
fn owned(value: &[u8]) -> String {
    String::from(core::str::from_utf8(value).unwrap_or_default())
}

fn trimmed(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match value {
        Cow::Borrowed(bytes) => Cow::Borrowed(xml::trim_bytes(bytes)),
        Cow::Owned(bytes) => Cow::Owned(xml::trim_bytes(&bytes).to_vec()),
    }
}
