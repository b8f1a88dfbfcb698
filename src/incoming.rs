//! What every message from WeChat has in common: read strictly against the table, then verified.

use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorCode};
use crate::message::{Field, Message, Role, missing, refuse_key, unknown};
use crate::secret::AppKey;
use crate::signature::{self, Signature};
use crate::xml;

/// A message that was read: exactly the fields of the table, each once, each by its grammar.
pub(crate) struct Incoming {
    message: &'static Message,
    /// Aligned with the message's fields.
    values: Vec<String>,
}

impl Incoming {
    pub(crate) fn read(message: &'static Message, body: &[u8]) -> Result<Self, Error> {
        let elements = xml::read(body)?;
        let mut values = vec![None; message.fields.len()];
        for element in elements {
            let known = message.fields.iter().zip(&mut values).find(|(field, _)| field.name == element.name);
            let (field, slot) = known.ok_or_else(|| unknown().at(element.position))?;
            if slot.is_some() {
                let sentence = "<{field}> stands twice; each element stands exactly once.";
                return Err(Error::new(ErrorCode::FieldDuplicate, sentence).in_field(field.name).at(element.position));
            }
            let value = if field.grammar.trims() { xml::trim(&element.value) } else { &element.value };
            *slot = Some(value.to_owned());
        }
        let values = message.fields.iter().zip(values).map(|(field, value)| {
            let value = value.ok_or_else(|| missing(field))?;
            field.check(&value)?;
            Ok(value)
        });
        Ok(Self { message, values: values.collect::<Result<_, Error>>()? })
    }

    /// Checks account and signature against each of the keys.
    ///
    /// XML lets a processor read CR LF as LF, and senders differ in which they sign: the values are tried as sent,
    /// then folded; what verified is what is returned (THREATS 1.3, row 24).
    pub(crate) fn verify(&mut self, app_id: &str, keys: &[AppKey]) -> Result<(), Error> {
        for (field, value) in self.fields() {
            for key in keys {
                refuse_key(field, value, key)?;
            }
        }
        if !self.fields().any(|(field, value)| field.name.eq_ignore_ascii_case("appid") && value == app_id) {
            return Err(Error::new(
                ErrorCode::AppIdMismatch,
                "<AppId> is not the configured AppId: the message is for another account, or the configuration is.",
            )
            .in_field("AppId"));
        }
        if self.matches(keys) {
            return Ok(());
        }
        if self.fold() && self.matches(keys) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::SignatureMismatch,
            "The signature does not belong to these fields under this paySignKey. Check that the key is the \
             paySignKey (not the AppSecret, not the partnerKey) of this AppId; if it is, the message is not genuine.",
        )
        .in_field(self.role(Role::Signature).map_or("AppSignature", |(field, _)| field.name)))
    }

    fn matches(&self, keys: &[AppKey]) -> bool {
        let given = self.role(Role::Signature).and_then(|(_, value)| Signature::from_hex(value));
        let Some(given) = given else { return false };
        let pairs: Vec<_> = self.signed().map(|(field, value)| (field.name, value)).collect();
        // Every key is tried, so that the time does not tell which one matched.
        let signed_by = |key: &&AppKey| signature::sign(self.message.recipe, &pairs, Some(key)).matches(&given, *key);
        keys.iter().filter(signed_by).count() > 0
    }

    /// Folds CR LF and CR to LF as XML 1.0, 2.11 has it; says whether that changed anything.
    fn fold(&mut self) -> bool {
        let mut changed = false;
        for value in self.values.iter_mut().filter(|value| value.contains('\r')) {
            *value = value.replace("\r\n", "\n").replace('\r', "\n");
            changed = true;
        }
        changed
    }

    /// SHA-256 over the signed fields without the key, each followed by a NUL byte, which XML cannot carry: equal for
    /// two messages exactly when their signed fields are equal.
    pub(crate) fn dedup_key(&self) -> String {
        let mut hash = Sha256::new();
        for (field, value) in self.signed() {
            hash.update(field.name);
            hash.update([0]);
            hash.update(value);
            hash.update([0]);
        }
        hex::encode(hash.finalize())
    }

    /// Takes the value of a field out.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let index = self.message.fields.iter().position(|field| field.name == name);
        index.and_then(|index| self.values.get_mut(index)).map(std::mem::take).unwrap_or_default()
    }

    fn fields(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        self.message.fields.iter().zip(self.values.iter().map(String::as_str))
    }

    fn signed(&self) -> impl Iterator<Item = (&'static Field, &str)> {
        self.fields().filter(|(field, _)| field.role == Role::Signed)
    }

    fn role(&self, role: Role) -> Option<(&'static Field, &str)> {
        self.fields().find(|(field, _)| field.role == role)
    }
}
