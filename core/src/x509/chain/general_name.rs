//! GeneralName and the structures made of it, as OpenSSL decodes them (RFC 5280 sections 4.2.1.6, 4.2.1.10,
//! 4.2.1.13). `None` is what makes a certificate invalid there.

use super::super::der::{self, Element};
use super::distinguished_name::{CanonicalName, canonical, is_identifier};
use crate::bytes::Reader;
use crate::limits;

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GeneralName {
    /// otherName: content of its identifier, DER of its value.
    Other { identifier: Vec<u8>, value: Vec<u8> },
    /// rfc822Name.
    Email(Vec<u8>),
    /// dNSName.
    Dns(Vec<u8>),
    /// directoryName.
    Directory(CanonicalName),
    /// uniformResourceIdentifier.
    Uri(Vec<u8>),
    /// iPAddress: 4 or 16 bytes, twice that in a constraint; other lengths occur.
    Ip(Vec<u8>),
    /// x400Address, ediPartyName or registeredID, by its tag.
    Unsupported(u8),
}

impl GeneralName {
    /// Names of one kind have one number.
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Other { .. } => 0,
            Self::Email(_) => 1,
            Self::Dns(_) => 2,
            Self::Directory(_) => 4,
            Self::Uri(_) => 6,
            Self::Ip(_) => 7,
            Self::Unsupported(tag) => tag & 0x1f,
        }
    }
}

/// One subtree of a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subtree {
    pub(super) base: GeneralName,
    /// minimum is absent or 0, maximum is absent.
    pub(super) has_plain_bounds: bool,
}

/// nameConstraints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NameConstraints {
    pub(super) permitted: Vec<Subtree>,
    pub(super) excluded: Vec<Subtree>,
}

/// authorityKeyIdentifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AuthorityKey {
    /// keyIdentifier.
    pub(super) identifier: Option<Vec<u8>>,
    /// The first directoryName of authorityCertIssuer.
    pub(super) issuer: Option<CanonicalName>,
    /// authorityCertSerialNumber.
    pub(super) serial: Option<Vec<u8>>,
}

/// A distribution point, of a certificate or of a revocation list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DistributionPoint {
    /// fullName; `None` where no name or a relative one stands.
    pub(super) full_name: Option<Vec<GeneralName>>,
    /// nameRelativeToCRLIssuer: content of the RelativeDistinguishedName.
    pub(super) relative_name: Option<Vec<u8>>,
    /// cRLIssuer: its directoryNames; `None` where there is no cRLIssuer.
    pub(super) issuers: Option<Vec<CanonicalName>>,
    /// Bits of reasons in the order of the DER's bytes, all nine where none is said.
    pub(super) reasons: u16,
}

/// All reasons of ReasonFlags, bit 0 (unused) included, as OpenSSL packs them.
pub(super) const ALL_REASONS: u16 = 0x807f;

/// A SEQUENCE OF GeneralName.
pub(super) fn names(bytes: &[u8]) -> Option<Vec<GeneralName>> {
    names_of(&only(bytes, der::SEQUENCE)?)
}

/// GeneralNames under an implicit tag.
pub(super) fn names_of(element: &Element<'_>) -> Option<Vec<GeneralName>> {
    let mut reader = element.reader();
    let mut names = Vec::new();
    while !reader.is_empty() {
        if names.len() >= limits::SUBJECT_ALT_NAMES {
            return None;
        }
        names.push(name(&der::element(&mut reader, "").ok()?)?);
    }
    Some(names)
}

fn name(element: &Element<'_>) -> Option<GeneralName> {
    let content = || element.content.to_vec();
    Some(match element.tag {
        0xa0 => {
            let mut parts = element.reader();
            let identifier = der::expect(&mut parts, der::OBJECT_IDENTIFIER, "").ok()?.content;
            let value = der::expect(&mut parts, 0xa0, "").ok()?;
            let mut inside = value.reader();
            let is_read = der::element(&mut inside, "").is_ok_and(|any| is_any(&any));
            if !is_read || !inside.is_empty() || !parts.is_empty() || !is_identifier(identifier) {
                return None;
            }
            let value = value.content;
            GeneralName::Other { identifier: identifier.to_vec(), value: value.to_vec() }
        }
        0x81 => GeneralName::Email(content()),
        0x82 => GeneralName::Dns(content()),
        0xa4 => GeneralName::Directory(canonical(element.content)?),
        0x86 => GeneralName::Uri(content()),
        0x87 => GeneralName::Ip(content()),
        0x88 if !is_identifier(element.content) => return None,
        0xa3 | 0xa5 | 0x88 => GeneralName::Unsupported(element.tag),
        _ => return None,
    })
}

/// The content of a nameConstraints extension.
pub(super) fn name_constraints(bytes: &[u8]) -> Option<NameConstraints> {
    let mut parts = only(bytes, der::SEQUENCE)?.reader();
    let mut trees = |tag| match der::optional(&mut parts, tag, "").ok()? {
        Some(trees) => subtrees(&trees),
        None => Some(Vec::new()),
    };
    let constraints = NameConstraints { permitted: trees(0xa0)?, excluded: trees(0xa1)? };
    parts.is_empty().then_some(constraints)
}

fn subtrees(element: &Element<'_>) -> Option<Vec<Subtree>> {
    let mut reader = element.reader();
    let mut trees = Vec::new();
    while !reader.is_empty() {
        if trees.len() >= limits::SUBJECT_ALT_NAMES {
            return None;
        }
        let mut parts = der::expect(&mut reader, der::SEQUENCE, "").ok()?.reader();
        let base = name(&der::element(&mut parts, "").ok()?)?;
        let minimum = der::optional(&mut parts, 0x80, "").ok()?;
        let maximum = der::optional(&mut parts, 0x81, "").ok()?;
        if !parts.is_empty() {
            return None;
        }
        if ![&minimum, &maximum].into_iter().flatten().all(|bound| is_integer(bound.content)) {
            return None;
        }
        let has_plain_bounds =
            maximum.is_none() && minimum.is_none_or(|bound| bound.content == [0]);
        trees.push(Subtree { base, has_plain_bounds });
    }
    Some(trees)
}

/// The content of an authorityKeyIdentifier extension.
pub(super) fn authority_key(bytes: &[u8]) -> Option<AuthorityKey> {
    let mut parts = only(bytes, der::SEQUENCE)?.reader();
    let identifier = der::optional(&mut parts, 0x80, "").ok()?.map(|it| it.content.to_vec());
    let issuer = match der::optional(&mut parts, 0xa1, "").ok()? {
        Some(names) => names_of(&names)?.into_iter().find_map(|name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        }),
        None => None,
    };
    let serial = der::optional(&mut parts, 0x82, "").ok()?.map(|it| it.content.to_vec());
    if !parts.is_empty() || serial.as_deref().is_some_and(|serial| !is_integer(serial)) {
        return None;
    }
    Some(AuthorityKey { identifier, issuer, serial })
}

/// The content of a cRLDistributionPoints extension.
pub(super) fn distribution_points(bytes: &[u8]) -> Option<Vec<DistributionPoint>> {
    let mut reader = only(bytes, der::SEQUENCE)?.reader();
    let mut points = Vec::new();
    while !reader.is_empty() {
        if points.len() >= limits::CERTIFICATE_EXTENSIONS {
            return None;
        }
        let mut parts = der::expect(&mut reader, der::SEQUENCE, "").ok()?.reader();
        let mut point = distribution_point_name(&mut parts)?;
        let has_name = point.full_name.is_some() || point.relative_name.is_some();
        if let Some(flags) = der::optional(&mut parts, 0x81, "").ok()? {
            point.reasons = reasons(flags.content)?;
        }
        if let Some(names) = der::optional(&mut parts, 0xa2, "").ok()? {
            let directories = names_of(&names)?.into_iter().filter_map(|name| match name {
                GeneralName::Directory(name) => Some(name),
                _ => None,
            });
            point.issuers = Some(directories.collect());
        }
        if !parts.is_empty() || !(has_name || point.issuers.is_some()) {
            return None;
        }
        points.push(point);
    }
    Some(points)
}

/// The DistributionPointName that may stand first in a distribution point; the other fields are empty.
pub(super) fn distribution_point_name(parts: &mut Reader<'_>) -> Option<DistributionPoint> {
    let mut point = DistributionPoint { reasons: ALL_REASONS, ..DistributionPoint::default() };
    if let Some(outer) = der::optional(parts, 0xa0, "").ok()? {
        let mut choice = outer.reader();
        let inner = der::element(&mut choice, "").ok()?;
        match inner.tag {
            0xa0 => point.full_name = Some(names_of(&inner)?),
            0xa1 => point.relative_name = Some(inner.content.to_vec()),
            _ => return None,
        }
        if !choice.is_empty() {
            return None;
        }
    }
    Some(point)
}

/// ReasonFlags as OpenSSL packs them: the first byte low, the second high.
pub(super) fn reasons(bits: &[u8]) -> Option<u16> {
    let [unused, bytes @ ..] = bits else { return None };
    if *unused > 7 {
        return None;
    }
    let at = |index: usize| u16::from(bytes.get(index).copied().unwrap_or_default());
    Some((at(0) | at(1) << 8) & ALL_REASONS)
}

/// An element of any type that OpenSSL reads (its `ASN1_ANY`): simple types are primitive and well formed.
pub(super) fn is_any(element: &Element<'_>) -> bool {
    let content = element.content;
    match element.tag {
        0x01 => content.len() == 1,
        der::INTEGER | 0x0a => is_integer(content),
        der::BIT_STRING => matches!(content.first(), Some(0..=7)),
        0x05 => content.is_empty(),
        der::OBJECT_IDENTIFIER => is_identifier(content),
        0x1c => content.len().is_multiple_of(4),
        0x1e => content.len().is_multiple_of(2),
        0x21 | 0x22 | 0x25 | 0x26 | 0x2a => false,
        _ => true,
    }
}

/// An INTEGER that OpenSSL reads: not empty, no byte too many in front.
pub(super) fn is_integer(content: &[u8]) -> bool {
    match content {
        [] => false,
        [0, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

/// The element that `bytes` begin with, if it has `tag`; what follows is ignored, as OpenSSL does.
pub(super) fn only(bytes: &[u8], tag: u8) -> Option<Element<'_>> {
    der::expect(&mut Reader::new(bytes), tag, "").ok()
}
