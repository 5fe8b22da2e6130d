//! Credentials in a configuration: which elements hold them, and the text with them masked.

use serde::{Deserialize, Serialize};

use super::scan::{self, Piece};
use super::url::{MASK, masked_text};
use crate::limits;
use crate::order;

/// An element or attribute that holds a credential. The value is never copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Element name; `element@attribute` for an attribute.
    pub name: String,
    /// Offset of the element's `<` in the input.
    pub offset: u64,
    /// Length of the value in characters, blanks around it not counted, as it stands in the XML.
    pub length: usize,
    /// A secret; otherwise the user name that belongs to one.
    pub secret: bool,
}

/// Ends of names, lower case, of elements that hold a secret. Names as in CUCM's phone, Wi-Fi, VPN, SNMP and SIP
/// settings: `sshPassword`, `phonePassword`, `adminPassword`, `authPassword`, `wlanPassphrase`, `wepKey1`,
/// `preSharedKey`, `snmpCommunity`, …
const SECRET_ENDS: [&str; 17] = [
    "accesstoken",
    "authkey",
    "communitystring",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "presharedkey",
    "privatekey",
    "pskkey",
    "psk",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "sharedkey",
    "snmpcommunity",
];

/// Names, lower case, that hold a secret but end like harmless ones.
const SECRET_NAMES: [&str; 7] =
    ["activationcode", "community", "pin", "readcommunity", "token", "userpin", "writecommunity"];

/// Names, lower case, of user names that belong to a secret beside them.
const USER_NAMES: [&str; 8] = [
    "adminname",
    "authname",
    "authuserid",
    "sshuserid",
    "user",
    "userid",
    "username",
    "wlanuserid",
];

/// Does an element, attribute or URL parameter of this name hold a secret? `authPassword1` counts as `authPassword`.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.trim_end_matches(|character: char| character.is_ascii_digit());
    SECRET_NAMES.contains(&name)
        || SECRET_ENDS.iter().any(|end| name.ends_with(end))
        || name.contains("wepkey")
}

fn is_user(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    USER_NAMES.contains(&name.trim_end_matches(|character: char| character.is_ascii_digit()))
}

/// The credentials in `text`, also in comments and in XML that is not well-formed. User names count only beside a
/// secret of the same parent element: `userId` alone names the owner. At most [`limits::CONFIGURATION_ENTRIES`].
pub fn credentials(text: &str, offset_in_input: u64) -> Vec<Credential> {
    let mut found: Vec<(Credential, usize)> = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut current: Option<Current<'_>> = None;
    for piece in scan::pieces(text) {
        if found.len() >= limits::CONFIGURATION_ENTRIES {
            break;
        }
        match piece {
            Piece::Text(range) => {
                if let Some(current) = &mut current {
                    current.length = current.length.saturating_add(characters(text.get(range)));
                }
            }
            Piece::Data(range) => {
                let part = text.get(range.clone()).unwrap_or_default();
                match &mut current {
                    Some(current) => {
                        current.length = current.length.saturating_add(characters(Some(part)));
                    }
                    // A section may hold XML of its own; it holds no second section.
                    None => {
                        let offset = offset_in_input.saturating_add(range.start as u64);
                        let inner = credentials(part, offset).into_iter();
                        found.extend(inner.map(|credential| (credential, range.start)));
                    }
                }
            }
            Piece::Markup(_) => {}
            Piece::Open { tag, name, empty } => {
                let name = text.get(name).unwrap_or_default();
                let offset = offset_in_input.saturating_add(tag.start as u64);
                let parent = open.last().map_or(usize::MAX, |(_, start)| *start);
                for (key, value) in scan::attributes(text, tag.clone()) {
                    let key = text.get(key).unwrap_or_default();
                    let length = characters(text.get(value));
                    if is_secret(key) && length > 0 {
                        let name = format!("{name}@{key}");
                        found.push((Credential { name, offset, length, secret: true }, tag.start));
                    }
                }
                if empty {
                    continue;
                }
                let secret = is_secret(name);
                if current.is_none() && (secret || is_user(name)) {
                    let depth = open.len();
                    current = Some(Current { name, offset, length: 0, secret, depth, parent });
                }
                open.push((name, tag.start));
            }
            Piece::Close { name, .. } => {
                let name = text.get(name).unwrap_or_default();
                if open.last().is_some_and(|(last, _)| *last == name) {
                    open.pop();
                }
                let ends = current.as_ref().is_some_and(|current| open.len() <= current.depth);
                if ends && let Some(current) = current.take() {
                    found.extend(current.finish());
                }
            }
        }
    }
    if let Some(current) = current.take() {
        found.extend(current.finish());
    }
    let secret = found.iter().filter(|(credential, _)| credential.secret);
    let secret_parents = order::set(secret.map(|(_, parent)| *parent));
    found
        .into_iter()
        .filter(|(credential, parent)| credential.secret || secret_parents.contains(parent))
        .map(|(credential, _)| credential)
        .collect()
}

/// A credential element that is open.
struct Current<'a> {
    name: &'a str,
    offset: u64,
    length: usize,
    secret: bool,
    depth: usize,
    parent: usize,
}

impl Current<'_> {
    fn finish(self) -> Option<(Credential, usize)> {
        (self.length > 0).then(|| {
            let Self { name, offset, length, secret, parent, .. } = self;
            (Credential { name: name.to_owned(), offset, length, secret }, parent)
        })
    }
}

fn characters(text: Option<&str>) -> usize {
    text.unwrap_or_default().trim().chars().count()
}

/// `text` with the values of secrets replaced by `***`: elements, attributes, user information and password
/// parameters of URLs, also in comments and in XML that is not well-formed. An element that is never closed is
/// masked to the end: a mask may hide too much, never too little.
pub fn masked(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut secret: Option<(&str, usize)> = None;
    for piece in scan::pieces(text) {
        match piece {
            Piece::Text(range) => {
                let part = text.get(range).unwrap_or_default();
                match secret {
                    Some(_) if !part.trim().is_empty() => result.push_str(MASK),
                    Some(_) => result.push_str(part),
                    None => result.push_str(&masked_text(part)),
                }
            }
            Piece::Data(range) => {
                let part = text.get(range).unwrap_or_default();
                match secret {
                    Some(_) if !part.trim().is_empty() => result.push_str(MASK),
                    Some(_) => result.push_str(part),
                    // A section may hold XML of its own; it holds no second section.
                    None => result.push_str(&masked(part)),
                }
            }
            Piece::Markup(range) => {
                result.push_str(&masked_text(text.get(range).unwrap_or_default()));
            }
            Piece::Open { tag, name, empty } => {
                let name = text.get(name).unwrap_or_default();
                let mut at = tag.start;
                for (key, value) in scan::attributes(text, tag.clone()) {
                    result.push_str(text.get(at..value.start).unwrap_or_default());
                    let part = text.get(value.clone()).unwrap_or_default();
                    if is_secret(text.get(key).unwrap_or_default()) && !part.trim().is_empty() {
                        result.push_str(MASK);
                    } else {
                        result.push_str(&masked_text(part));
                    }
                    at = value.end;
                }
                result.push_str(text.get(at..tag.end).unwrap_or_default());
                if !empty {
                    secret = match secret {
                        Some((open, depth)) if open == name => {
                            Some((open, depth.saturating_add(1)))
                        }
                        None if is_secret(name) => Some((name, 1)),
                        other => other,
                    };
                }
            }
            Piece::Close { tag, name } => {
                let name = text.get(name).unwrap_or_default();
                secret = match secret {
                    Some((open, 1)) if open == name => None,
                    Some((open, depth)) if open == name => Some((open, depth.saturating_sub(1))),
                    other => other,
                };
                result.push_str(text.get(tag).unwrap_or_default());
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "sshPassword",
            "PhonePassword",
            "authPassword1",
            "wepKey2",
            "wlanPassphrase",
            "community",
            "preSharedKey",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "pswdPersistent",
            "passwordPolicyUrl",
            "certHash",
            "userId",
            "keepAlive",
            "pinned",
            "tokenLife",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn finds_values_attributes_comments_and_cdata() {
        let xml = "<device><sshUserId>admin</sshUserId><sshPassword> s3cret </sshPassword><phonePassword/>\
            <adminPassword></adminPassword><vpn password='ab'/><!-- <authPassword>x&amp;y</authPassword> -->\
            <wifi><psk><![CDATA[a<b]]></psk><userId>u</userId></wifi><owner><userId>bob</userId></owner></device>";
        let found: Vec<(String, u64, usize, bool)> = credentials(xml, 100)
            .into_iter()
            .map(|credential| {
                (credential.name, credential.offset, credential.length, credential.secret)
            })
            .collect();
        let at = |needle: &str| 100 + xml.find(needle).unwrap() as u64;
        assert_eq!(
            found,
            vec![
                ("sshUserId".to_owned(), at("<sshUserId"), 5, false),
                ("sshPassword".to_owned(), at("<sshPassword"), 6, true),
                ("vpn@password".to_owned(), at("<vpn"), 2, true),
                ("authPassword".to_owned(), at("<authPassword"), 7, true),
                ("psk".to_owned(), at("<psk"), 3, true),
                ("userId".to_owned(), at("<userId>u<"), 1, false),
            ]
        );
        assert_eq!(
            masked(xml),
            "<device><sshUserId>admin</sshUserId><sshPassword>***</sshPassword><phonePassword/>\
            <adminPassword></adminPassword><vpn password='***'/><!-- <authPassword>***</authPassword> -->\
            <wifi><psk><![CDATA[***]]></psk><userId>u</userId></wifi><owner><userId>bob</userId></owner></device>"
        );
    }

    #[test]
    fn masks_what_is_not_well_formed() {
        assert_eq!(masked("<sshPassword>hunter2"), "<sshPassword>***");
        assert_eq!(
            masked("<a b=\"><sshPassword>hunter2</sshPassword>"),
            "<a b=\"><sshPassword>***</sshPassword>"
        );
        assert_eq!(
            masked("<sshPassword>hun<b>ter2</b>x</sshPassword>y"),
            "<sshPassword>***<b>***</b>***</sshPassword>y"
        );
        assert_eq!(
            masked("<x:sshPassword a=b >hunter2</x:sshPassword>"),
            "<x:sshPassword a=b >***</x:sshPassword>"
        );
        for hidden in [
            "<!-- <![CDATA[ -->",
            "<![CDATA[",
            "<?",
            "<!-- <? -->",
            "<x><![CDATA[",
            "<!-- <x -->",
            "<!DOCTYPE a [",
        ] {
            let shown =
                masked(&format!("{hidden}<sshPassword>hunter2</sshPassword>]]> <![CDATA[x]]>"));
            assert!(!shown.contains("hunter2"), "{hidden}: {shown}");
        }
        assert_eq!(masked("<v password=hunter2>x"), "<v password=***>x");
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for pattern in ["<password>", "<!--", "<![CDATA[", "<a b='", "</a", "<?", "://x@", "a=b="] {
            let text = pattern.repeat(200_000);
            let shown = masked(&text);
            assert!(!shown.is_empty());
            assert!(credentials(&text, 0).len() <= limits::CONFIGURATION_ENTRIES);
        }
    }
}
