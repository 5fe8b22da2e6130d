//! What OpenSSL keeps about a certificate (`EXFLAG_*` and their neighbours): read once, asked often.

use super::super::certificate::{Certificate, Extension};
use super::super::der::{self, Element};
use super::super::key::{Curve, PublicKey};
use super::distinguished_name::{CanonicalName, canonical, is_identifier};
use super::general_name::{
    self, AuthorityKey, DistributionPoint, GeneralName, NameConstraints, is_integer, only,
};
use super::profile::{Generation, code};
use crate::bytes::Reader;
use crate::digest::sha256;

/// Bits of keyUsage as OpenSSL packs them: the first byte of the BIT STRING low, the second high.
pub(super) mod key_usage {
    pub(in super::super) const DIGITAL_SIGNATURE: u16 = 0x80;
    pub(in super::super) const KEY_ENCIPHERMENT: u16 = 0x20;
    pub(in super::super) const KEY_AGREEMENT: u16 = 0x08;
    pub(in super::super) const KEY_CERT_SIGN: u16 = 0x04;
    pub(in super::super) const CRL_SIGN: u16 = 0x02;
}

mod object {
    pub(super) const NETSCAPE_CERT_TYPE: &str = "2.16.840.1.113730.1.1";
    pub(super) const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
    pub(super) const KEY_USAGE: &str = "2.5.29.15";
    pub(super) const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    pub(super) const ISSUER_ALT_NAME: &str = "2.5.29.18";
    pub(super) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    pub(super) const NAME_CONSTRAINTS: &str = "2.5.29.30";
    pub(super) const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
    pub(super) const CERTIFICATE_POLICIES: &str = "2.5.29.32";
    pub(super) const POLICY_MAPPINGS: &str = "2.5.29.33";
    pub(super) const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
    pub(super) const POLICY_CONSTRAINTS: &str = "2.5.29.36";
    pub(super) const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    pub(super) const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
    pub(super) const IP_ADDRESS_BLOCKS: &str = "1.3.6.1.5.5.7.1.7";
    pub(super) const AUTONOMOUS_SYSTEMS: &str = "1.3.6.1.5.5.7.1.8";
    pub(super) const PROXY_CERTIFICATE: &str = "1.3.6.1.5.5.7.1.14";
    pub(super) const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
}

/// Extensions that may be critical: OpenSSL's verifier looks at them, or at least knows them.
const SUPPORTED: [&str; 15] = [
    object::NETSCAPE_CERT_TYPE,
    object::KEY_USAGE,
    object::SUBJECT_ALT_NAME,
    object::BASIC_CONSTRAINTS,
    object::CERTIFICATE_POLICIES,
    object::CRL_DISTRIBUTION_POINTS,
    object::EXTENDED_KEY_USAGE,
    object::IP_ADDRESS_BLOCKS,
    object::AUTONOMOUS_SYSTEMS,
    object::OCSP_NO_CHECK,
    object::POLICY_CONSTRAINTS,
    object::PROXY_CERTIFICATE,
    object::NAME_CONSTRAINTS,
    object::POLICY_MAPPINGS,
    object::INHIBIT_ANY_POLICY,
];

/// Kind of a key, or of the key that a signature algorithm needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa,
    RsaPss,
    Ec,
    Ed25519,
    Ed448,
    Dsa,
    /// Keys that sign nothing.
    Agreement,
}

/// A key that could be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyFacts {
    pub(super) kind: KeyKind,
    /// Its parameters are written out instead of named (elliptic curves only).
    pub(super) explicit_parameters: bool,
    /// Security in bits, as far as it is compared: 0, 80, 112 or more.
    pub(super) strength: u16,
}

/// What is known about one certificate.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// SHA-256 of the certificate.
    pub(super) digest: [u8; 32],
    /// Why OpenSSL would not even load it.
    pub(super) unreadable: Option<&'static str>,
    pub(super) subject: CanonicalName,
    pub(super) issuer: CanonicalName,
    /// Content of the serial's INTEGER.
    pub(super) serial: Vec<u8>,
    /// From 1.
    pub(super) version: u32,
    /// An extension that OpenSSL reads is malformed or stands twice (`EXFLAG_INVALID`).
    pub(super) invalid: bool,
    /// Subject and issuer are the same name (`EXFLAG_SI`).
    pub(super) self_issued: bool,
    /// And its key identifiers and algorithms allow that it signed itself (`EXFLAG_SS`); no signature is checked.
    pub(super) self_signed: bool,
    /// A critical extension that the verifier does not know.
    pub(super) unknown_critical: bool,
    pub(super) has_extensions: bool,
    pub(super) has_basic_constraints: bool,
    pub(super) basic_constraints_critical: bool,
    pub(super) ca: bool,
    pub(super) path_length: Option<i64>,
    /// proxyCertInfo: it stands there, with this path length.
    pub(super) proxy: Option<Option<i64>>,
    /// `None`: no such extension.
    pub(super) key_usage: Option<u16>,
    pub(super) extended_key_usage: Option<ExtendedKeyUsage>,
    /// nsCertType.
    pub(super) netscape: Option<u8>,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) authority_key: Option<AuthorityKey>,
    pub(super) alt_names: Option<Vec<GeneralName>>,
    pub(super) alt_names_critical: bool,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) distribution_points: Vec<DistributionPoint>,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub(super) key_digest: [u8; 32],
    /// `None` where it cannot be decoded.
    pub(super) key: Option<KeyFacts>,
    /// Kind of key that the algorithm inside the signed part needs.
    pub(super) signature_key: Option<KeyKind>,
    /// Security in bits of the algorithm outside the signed part; `None` where it is not known.
    pub(super) signature_strength: Option<u16>,
    pub(super) signature_algorithms_agree: bool,
}

/// The usages that the two purposes ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ExtendedKeyUsage {
    /// serverAuth.
    pub(super) server: bool,
    /// clientAuth.
    pub(super) client: bool,
    /// Netscape's or Microsoft's Server Gated Crypto.
    pub(super) gated: bool,
}

impl Facts {
    pub(super) fn of(certificate: &Certificate, generation: Generation) -> Self {
        let layout = layout(&certificate.der);
        let inner = layout.as_ref().map_or(&[][..], |layout| layout.signature_algorithm);
        let key = layout
            .as_ref()
            .ok()
            .and_then(|layout| key(&certificate.public_key, layout, generation));
        let mut facts = Self {
            digest: certificate.digests.sha256,
            unreadable: layout.as_ref().err().copied(),
            subject: canonical(&certificate.subject.raw).unwrap_or_default(),
            issuer: canonical(&certificate.issuer.raw).unwrap_or_default(),
            serial: certificate.serial.clone(),
            version: certificate.version,
            invalid: false,
            self_issued: false,
            self_signed: false,
            unknown_critical: false,
            has_extensions: !certificate.extensions.is_empty(),
            has_basic_constraints: false,
            basic_constraints_critical: false,
            ca: false,
            path_length: None,
            proxy: None,
            key_usage: None,
            extended_key_usage: None,
            netscape: None,
            subject_key_identifier: None,
            authority_key: None,
            alt_names: None,
            alt_names_critical: false,
            name_constraints: None,
            distribution_points: Vec::new(),
            key_digest: layout.as_ref().map_or([0; 32], |layout| sha256(layout.key)),
            key,
            signature_key: signature_key(&der::object_identifier(inner)),
            signature_strength: signature_strength(
                &certificate.signature_algorithm.oid,
                &certificate.signature_algorithm.raw,
                generation,
            ),
            signature_algorithms_agree: certificate.signature_algorithms_agree,
        };
        facts.read_extensions(&certificate.extensions, generation);
        facts.self_issued = facts.subject == facts.issuer;
        facts.self_signed = facts.self_issued
            && facts.unreadable.is_none()
            && !facts.invalid
            && facts.is_named_by(facts.authority_key.as_ref()).is_ok()
            && facts.may_sign(&facts, generation).is_ok();
        facts
    }

    fn read_extensions(&mut self, extensions: &[Extension], generation: Generation) {
        let mut find = |oid: &str| -> Option<&[u8]> {
            let mut found = extensions.iter().filter(|extension| extension.oid == oid);
            let first = found.next()?;
            if found.next().is_some() {
                self.invalid = true;
                return None;
            }
            Some(&first.value)
        };
        let basic_constraints = find(object::BASIC_CONSTRAINTS);
        let proxy = find(object::PROXY_CERTIFICATE);
        let usage = find(object::KEY_USAGE);
        let extended = find(object::EXTENDED_KEY_USAGE);
        let netscape = find(object::NETSCAPE_CERT_TYPE);
        let subject_key = find(object::SUBJECT_KEY_IDENTIFIER);
        let authority_key = find(object::AUTHORITY_KEY_IDENTIFIER);
        let alt_names = find(object::SUBJECT_ALT_NAME);
        let name_constraints = find(object::NAME_CONSTRAINTS);
        let points = find(object::CRL_DISTRIBUTION_POINTS);

        if let Some(value) = basic_constraints {
            match read_basic_constraints(value) {
                Some((ca, length)) => {
                    self.has_basic_constraints = true;
                    self.ca = ca;
                    match length {
                        PathLength::Negative => self.invalid = true,
                        PathLength::Absent => {}
                        // 1.1.1 refuses the length in what is no CA; 3.0 leaves that to X509_STRICT.
                        PathLength::Of(1..) if !ca && generation == Generation::One => {
                            self.invalid = true;
                        }
                        PathLength::Of(length) => self.path_length = Some(length),
                    }
                }
                None => self.invalid = true,
            }
        }
        if let Some(value) = proxy {
            match read_proxy(value) {
                Some(length) => {
                    self.proxy = Some(length);
                    let has_names = |oid: &str| extensions.iter().any(|it| it.oid == oid);
                    self.invalid |= self.ca
                        || has_names(object::SUBJECT_ALT_NAME)
                        || has_names(object::ISSUER_ALT_NAME);
                }
                None => self.invalid = true,
            }
        }
        if let Some(value) = usage {
            self.key_usage = only(value, der::BIT_STRING).and_then(|bits| bit_string(bits.content));
            self.invalid |= match self.key_usage {
                None => true,
                // 1.1.1 takes a key usage without any bit as it is.
                Some(bits) => bits == 0 && generation == Generation::Three,
            };
        }
        let mut keep = |is_read: bool| self.invalid |= !is_read;
        if let Some(value) = extended {
            self.extended_key_usage = read_extended_key_usage(value);
            keep(self.extended_key_usage.is_some());
        }
        if let Some(value) = netscape {
            let bits = only(value, der::BIT_STRING).and_then(|bits| bit_string(bits.content));
            self.netscape = bits.map(|bits| bits.to_le_bytes()[0]);
            keep(self.netscape.is_some());
        }
        if let Some(value) = subject_key {
            let identifier = only(value, der::OCTET_STRING);
            self.subject_key_identifier = identifier.map(|identifier| identifier.content.to_vec());
            keep(self.subject_key_identifier.is_some());
        }
        if let Some(value) = authority_key {
            self.authority_key = general_name::authority_key(value);
            keep(self.authority_key.is_some());
        }
        if let Some(value) = alt_names {
            self.alt_names = general_name::names(value);
            keep(self.alt_names.is_some());
        }
        if let Some(value) = name_constraints {
            self.name_constraints = general_name::name_constraints(value);
            keep(self.name_constraints.is_some());
        }
        if let Some(value) = points {
            let points = general_name::distribution_points(value);
            keep(points.is_some());
            self.distribution_points = points.unwrap_or_default();
        }
        for extension in extensions.iter().filter(|extension| extension.critical) {
            match extension.oid.as_str() {
                object::BASIC_CONSTRAINTS => self.basic_constraints_critical = true,
                object::SUBJECT_ALT_NAME => self.alt_names_critical = true,
                oid if !SUPPORTED.contains(&oid) => {
                    self.unknown_critical = true;
                    // OpenSSL stops looking here: later extensions do not count as critical.
                    break;
                }
                _ => {}
            }
        }
    }

    /// Whether an authority key identifier can mean this certificate; the error is OpenSSL's code.
    pub(super) fn is_named_by(&self, authority: Option<&AuthorityKey>) -> Result<(), u32> {
        let Some(authority) = authority else { return Ok(()) };
        if let (Some(wanted), Some(own)) = (&authority.identifier, &self.subject_key_identifier)
            && wanted != own
        {
            return Err(code::AKID_SKID_MISMATCH);
        }
        if authority.serial.as_ref().is_some_and(|serial| *serial != self.serial)
            || authority.issuer.as_ref().is_some_and(|issuer| *issuer != self.issuer)
        {
            return Err(code::AKID_ISSUER_SERIAL_MISMATCH);
        }
        Ok(())
    }

    /// Whether this key is of the kind that `subject` is signed with; the error is OpenSSL's code.
    fn may_sign(&self, subject: &Self, generation: Generation) -> Result<(), u32> {
        let Some(key) = self.key else { return Err(code::NO_ISSUER_PUBLIC_KEY) };
        let Some(wanted) = subject.signature_key else {
            return Err(code::UNSUPPORTED_SIGNATURE_ALGORITHM);
        };
        let fits = match (generation, key.kind, wanted) {
            // Both are RSA to 1.1.1; 3.0 holds a key that is for PSS alone to that.
            (Generation::One, KeyKind::Rsa | KeyKind::RsaPss, KeyKind::Rsa | KeyKind::RsaPss)
            | (Generation::Three, KeyKind::Rsa, KeyKind::RsaPss) => true,
            (_, kind, wanted) => kind == wanted,
        };
        if fits { Ok(()) } else { Err(code::SIGNATURE_ALGORITHM_MISMATCH) }
    }

    /// Whether this certificate looks like the issuer of `subject`: names, key identifiers, kind of key. No
    /// signature is checked. The error is OpenSSL's code.
    pub(super) fn likely_issued(&self, subject: &Self, generation: Generation) -> Result<(), u32> {
        if self.subject != subject.issuer {
            return Err(code::SUBJECT_ISSUER_MISMATCH);
        }
        if self.invalid || subject.invalid {
            return Err(code::UNSPECIFIED);
        }
        self.is_named_by(subject.authority_key.as_ref())?;
        self.may_sign(subject, generation)
    }

    /// Whether key usage lets this certificate sign `subject`; the error is OpenSSL's code.
    pub(super) fn signing_allowed(&self, subject: &Self) -> Result<(), u32> {
        if subject.proxy.is_some() {
            if self.lacks_usage(key_usage::DIGITAL_SIGNATURE) {
                return Err(code::KEYUSAGE_NO_DIGITAL_SIGNATURE);
            }
        } else if self.lacks_usage(key_usage::KEY_CERT_SIGN) {
            return Err(code::KEYUSAGE_NO_CERTSIGN);
        }
        Ok(())
    }

    /// It has a key usage, with none of these bits.
    pub(super) fn lacks_usage(&self, bits: u16) -> bool {
        self.key_usage.is_some_and(|usage| usage & bits == 0)
    }

    /// OpenSSL's `check_ca`: 0 no CA, 1 a CA, 3 a self-signed version 1, 4 only a key usage says so, 5 only
    /// nsCertType says so.
    pub(super) fn authority_kind(&self) -> u8 {
        const NETSCAPE_ANY_CA: u8 = 0x07;
        if self.lacks_usage(key_usage::KEY_CERT_SIGN) {
            return 0;
        }
        if self.has_basic_constraints {
            return u8::from(self.ca);
        }
        if self.version == 1 && self.self_signed {
            3
        } else if self.key_usage.is_some() {
            4
        } else if self.netscape.is_some_and(|bits| bits & NETSCAPE_ANY_CA != 0) {
            5
        } else {
            0
        }
    }
}

enum PathLength {
    Absent,
    Negative,
    Of(i64),
}

fn read_basic_constraints(value: &[u8]) -> Option<(bool, PathLength)> {
    let mut parts = only(value, der::SEQUENCE)?.reader();
    let ca = match der::optional(&mut parts, der::BOOLEAN, "").ok()? {
        Some(flag) => match flag.content {
            [byte] => *byte != 0,
            _ => return None,
        },
        None => false,
    };
    let length = match der::optional(&mut parts, der::INTEGER, "").ok()? {
        Some(number) => path_length(number.content)?,
        None => PathLength::Absent,
    };
    parts.is_empty().then_some((ca, length))
}

/// `None` where the INTEGER cannot be read. A number above 63 bits constrains nothing, as in OpenSSL.
fn path_length(content: &[u8]) -> Option<PathLength> {
    if !is_integer(content) {
        return None;
    }
    if content.first().is_some_and(|byte| *byte >= 0x80) {
        return Some(PathLength::Negative);
    }
    if der::magnitude(content).len() > 8 {
        return Some(PathLength::Absent);
    }
    let number = content.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    Some(i64::try_from(number).map_or(PathLength::Absent, PathLength::Of))
}

/// proxyCertInfo (RFC 3820 section 3.8): its path length.
fn read_proxy(value: &[u8]) -> Option<Option<i64>> {
    let mut parts = only(value, der::SEQUENCE)?.reader();
    let length = match der::optional(&mut parts, der::INTEGER, "").ok()? {
        Some(number) => match path_length(number.content)? {
            PathLength::Of(length) => Some(length),
            PathLength::Absent | PathLength::Negative => None,
        },
        None => None,
    };
    der::expect(&mut parts, der::SEQUENCE, "").ok()?;
    parts.is_empty().then_some(length)
}

/// The first two bytes of a BIT STRING, the first one low.
fn bit_string(content: &[u8]) -> Option<u16> {
    let [unused, bytes @ ..] = content else { return None };
    if *unused > 7 {
        return None;
    }
    let mut bits = [0; 2];
    for (index, byte) in bytes.iter().enumerate() {
        let is_last = index + 1 == bytes.len();
        let mask = if is_last { 0xff_u8 << unused } else { 0xff };
        if let Some(slot) = bits.get_mut(index) {
            *slot = byte & mask;
        }
    }
    Some(u16::from_le_bytes(bits))
}

fn read_extended_key_usage(value: &[u8]) -> Option<ExtendedKeyUsage> {
    let mut reader = only(value, der::SEQUENCE)?.reader();
    let mut usage = ExtendedKeyUsage::default();
    while !reader.is_empty() {
        let identifier = der::expect(&mut reader, der::OBJECT_IDENTIFIER, "").ok()?.content;
        if !is_identifier(identifier) {
            return None;
        }
        match der::object_identifier(identifier).as_str() {
            "1.3.6.1.5.5.7.3.1" => usage.server = true,
            "1.3.6.1.5.5.7.3.2" => usage.client = true,
            "1.3.6.1.4.1.311.10.3.3" | "2.16.840.1.113730.4.1" => usage.gated = true,
            _ => {}
        }
    }
    Some(usage)
}

/// The parts of a certificate that [`Certificate`] does not keep.
struct Layout<'a> {
    /// Content of the OBJECT IDENTIFIER of the algorithm inside the signed part.
    signature_algorithm: &'a [u8],
    /// Content of the OBJECT IDENTIFIER of the key's algorithm.
    key_algorithm: &'a [u8],
    /// The parameters of the key's algorithm.
    key_parameters: Option<Element<'a>>,
    /// SubjectPublicKeyInfo.
    key: &'a [u8],
}

/// Walks a certificate as strictly as OpenSSL's parser; the error says what that parser would refuse.
fn layout(der_bytes: &[u8]) -> Result<Layout<'_>, &'static str> {
    const SHAPE: &str = "the structure of the certificate";
    let take = |reader: &mut Reader<'_>, tag| -> Result<(), &'static str> {
        der::expect(reader, tag, "").map(|_| ()).map_err(|_| SHAPE)
    };
    let mut whole = Reader::new(der_bytes);
    let mut outer = der::expect(&mut whole, der::SEQUENCE, "").map_err(|_| SHAPE)?.reader();
    let mut fields = der::expect(&mut outer, der::SEQUENCE, "").map_err(|_| SHAPE)?.reader();
    algorithm(&mut outer)?;
    bits(&mut outer)?;
    if !outer.is_empty() {
        return Err(SHAPE);
    }

    if let Some(explicit) = der::optional(&mut fields, 0xa0, "").map_err(|_| SHAPE)? {
        let mut explicit = explicit.reader();
        integer(&mut explicit)?;
        if !explicit.is_empty() {
            return Err(SHAPE);
        }
    }
    integer(&mut fields)?;
    let signature_algorithm = algorithm(&mut fields)?.0;
    name(&mut fields)?;
    let mut times = der::expect(&mut fields, der::SEQUENCE, "").map_err(|_| SHAPE)?.reader();
    for _ in 0..2 {
        let time = der::element(&mut times, "").map_err(|_| SHAPE)?;
        if !matches!(time.tag, der::UTC_TIME | der::GENERALIZED_TIME) {
            return Err("a time that is no time");
        }
    }
    name(&mut fields)?;
    let key = der::expect(&mut fields, der::SEQUENCE, "").map_err(|_| SHAPE)?;
    let mut parts = key.reader();
    let (key_algorithm, key_parameters) = algorithm(&mut parts)?;
    bits(&mut parts)?;
    if !times.is_empty() || !parts.is_empty() {
        return Err(SHAPE);
    }
    for tag in [0x81, 0x82] {
        let unique = der::optional(&mut fields, tag, "").map_err(|_| SHAPE)?;
        if unique.is_some_and(|unique| !matches!(unique.content.first(), Some(0..=7))) {
            return Err("a unique identifier");
        }
    }
    if let Some(explicit) = der::optional(&mut fields, 0xa3, "").map_err(|_| SHAPE)? {
        let mut explicit = explicit.reader();
        let mut list = der::expect(&mut explicit, der::SEQUENCE, "").map_err(|_| SHAPE)?.reader();
        while !list.is_empty() {
            let mut parts = der::expect(&mut list, der::SEQUENCE, "").map_err(|_| SHAPE)?.reader();
            identifier(&mut parts)?;
            let flag = der::optional(&mut parts, der::BOOLEAN, "").map_err(|_| SHAPE)?;
            take(&mut parts, der::OCTET_STRING)?;
            if !parts.is_empty() || flag.is_some_and(|flag| flag.content.len() != 1) {
                return Err("the structure of an extension");
            }
        }
        if !explicit.is_empty() {
            return Err(SHAPE);
        }
    }
    if !fields.is_empty() {
        return Err(SHAPE);
    }
    Ok(Layout { signature_algorithm, key_algorithm, key_parameters, key: key.raw })
}

fn integer(reader: &mut Reader<'_>) -> Result<(), &'static str> {
    let number =
        der::expect(reader, der::INTEGER, "").map_err(|_| "a number that is no INTEGER")?;
    if is_integer(number.content) {
        Ok(())
    } else {
        Err("an INTEGER that is not as short as it must be")
    }
}

fn identifier<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], &'static str> {
    match der::expect(reader, der::OBJECT_IDENTIFIER, "") {
        Ok(identifier) if is_identifier(identifier.content) => Ok(identifier.content),
        _ => Err("an OBJECT IDENTIFIER"),
    }
}

/// Content of the identifier, and the parameters.
fn algorithm<'a>(reader: &mut Reader<'a>) -> Result<(&'a [u8], Option<Element<'a>>), &'static str> {
    const FIELD: &str = "an algorithm identifier";
    let mut parts = der::expect(reader, der::SEQUENCE, "").map_err(|_| FIELD)?.reader();
    let identifier = identifier(&mut parts)?;
    let mut parameters = None;
    if !parts.is_empty() {
        let any = der::element(&mut parts, "").map_err(|_| FIELD)?;
        if !general_name::is_any(&any) {
            return Err(FIELD);
        }
        parameters = Some(any);
    }
    if parts.is_empty() { Ok((identifier, parameters)) } else { Err(FIELD) }
}

fn bits(reader: &mut Reader<'_>) -> Result<(), &'static str> {
    match der::expect(reader, der::BIT_STRING, "").map(|bits| bits.content.first().copied()) {
        Ok(Some(0..=7)) => Ok(()),
        _ => Err("a BIT STRING"),
    }
}

fn name(reader: &mut Reader<'_>) -> Result<(), &'static str> {
    let name = der::expect(reader, der::SEQUENCE, "").map_err(|_| "a name")?;
    canonical(name.raw).map(|_| ()).ok_or("a name")
}

/// The key as OpenSSL decodes it.
fn key(key: &PublicKey, layout: &Layout<'_>, generation: Generation) -> Option<KeyFacts> {
    let plain = |kind, strength| Some(KeyFacts { kind, explicit_parameters: false, strength });
    match key {
        PublicKey::Rsa { .. } => {
            let is_pss = der::object_identifier(layout.key_algorithm) == RSASSA_PSS;
            let kind = if is_pss { KeyKind::RsaPss } else { KeyKind::Rsa };
            plain(kind, modulus_strength(key.bits(), generation))
        }
        PublicKey::Ec { curve, point } => {
            let parameters = layout.key_parameters.as_ref()?;
            let (bytes, explicit_parameters) = match parameters.tag {
                der::OBJECT_IDENTIFIER => {
                    (field_bytes(&der::object_identifier(parameters.content))?, false)
                }
                der::SEQUENCE => (point.len() / 2, true),
                _ => return None,
            };
            let is_on_curve = match curve {
                Curve::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
                Curve::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
                Curve::P521 => p521::PublicKey::from_sec1_bytes(point).is_ok(),
                // The arithmetic of the others is not known here: the form has to do.
                Curve::Other(_) => match point.first() {
                    Some(2 | 3) => point.len() == bytes + 1,
                    Some(4 | 6 | 7) => point.len() == bytes * 2 + 1,
                    _ => false,
                },
            };
            let strength = match curve.bits() {
                0 => u16::try_from(bytes * 4).unwrap_or(u16::MAX),
                bits => u16::try_from(bits / 2).unwrap_or(u16::MAX),
            };
            is_on_curve.then_some(KeyFacts { kind: KeyKind::Ec, explicit_parameters, strength })
        }
        PublicKey::Ed25519(bytes) if bytes.len() == 32 => plain(KeyKind::Ed25519, 128),
        PublicKey::Ed25519(_) => None,
        PublicKey::Other { oid } => match oid.as_str() {
            "1.3.101.113" => plain(KeyKind::Ed448, 224),
            "1.2.840.10040.4.1" => plain(KeyKind::Dsa, 112),
            "1.3.101.110" => plain(KeyKind::Agreement, 128),
            "1.3.101.111" => plain(KeyKind::Agreement, 224),
            "1.2.840.113549.1.3.1" | "1.2.840.10046.2.1" => plain(KeyKind::Agreement, 112),
            _ => None,
        },
    }
}

/// Bytes of a coordinate on a curve that OpenSSL knows by this identifier (SEC 2, X9.62, Brainpool, SM2).
fn field_bytes(oid: &str) -> Option<usize> {
    let number = |arcs: &str| oid.strip_prefix(arcs)?.parse::<u8>().ok();
    if let Some(number) = number("1.2.840.10045.3.1.") {
        return match number {
            1..=3 => Some(24),
            4..=6 => Some(30),
            7 => Some(32),
            _ => None,
        };
    }
    if let Some(number) = number("1.3.36.3.3.2.8.1.1.") {
        const SIZES: [usize; 7] = [20, 24, 28, 32, 40, 48, 64];
        return SIZES.get(usize::from(number.checked_sub(1)? / 2)).copied();
    }
    if let Some(number) = number("1.3.132.0.") {
        return Some(match number {
            6 | 7 => 14,
            4 | 5 => 15,
            28 | 29 => 16,
            22 | 23 => 17,
            8 | 9 | 30 => 20,
            1 | 2 | 15 => 21,
            31 => 24,
            24 | 25 => 25,
            32 | 33 => 28,
            3 | 26 | 27 => 30,
            10 => 32,
            16 | 17 => 36,
            34 => 48,
            36 | 37 => 52,
            35 => 66,
            38 | 39 => 72,
            _ => return None,
        });
    }
    (oid == "1.2.156.10197.1.301").then_some(32)
}

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

/// Security of an RSA modulus: 1.1.1 has steps, 3.0 computes and rounds to eighths (the bounds are
/// measured with `EVP_PKEY_get_security_bits` of 3.0.19 on every length).
fn modulus_strength(bits: u32, generation: Generation) -> u16 {
    let (low, high) = match generation {
        Generation::One => (1024, 2048),
        Generation::Three => (920, 1963),
    };
    match bits {
        _ if bits >= 3072 => 128,
        _ if bits >= high => 112,
        _ if bits >= low => 80,
        _ => 0,
    }
}

/// The kind of key that signs with this algorithm.
fn signature_key(oid: &str) -> Option<KeyKind> {
    Some(match oid {
        RSASSA_PSS => KeyKind::RsaPss,
        "1.3.101.112" => KeyKind::Ed25519,
        "1.3.101.113" => KeyKind::Ed448,
        "1.2.840.10040.4.3" | "2.16.840.1.101.3.4.3.1" | "2.16.840.1.101.3.4.3.2" => KeyKind::Dsa,
        _ => match hash_bytes(oid)? {
            (KeyKind::Ec, _) => KeyKind::Ec,
            (kind, _) => kind,
        },
    })
}

/// Kind of key and length of the hash in bytes of the algorithms that name both.
fn hash_bytes(oid: &str) -> Option<(KeyKind, u16)> {
    Some(match oid {
        "1.2.840.113549.1.1.2" | "1.2.840.113549.1.1.3" | "1.2.840.113549.1.1.4" => {
            (KeyKind::Rsa, 16)
        }
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" | "1.3.36.3.3.1.2" => (KeyKind::Rsa, 20),
        "1.2.840.113549.1.1.14" | "1.2.840.113549.1.1.15" | "2.16.840.1.101.3.4.3.13" => {
            (KeyKind::Rsa, 28)
        }
        "1.2.840.113549.1.1.11" | "1.2.840.113549.1.1.16" | "2.16.840.1.101.3.4.3.14" => {
            (KeyKind::Rsa, 32)
        }
        "1.2.840.113549.1.1.12" | "2.16.840.1.101.3.4.3.15" => (KeyKind::Rsa, 48),
        "1.2.840.113549.1.1.13" | "2.16.840.1.101.3.4.3.16" => (KeyKind::Rsa, 64),
        "1.2.840.10045.4.1" => (KeyKind::Ec, 20),
        "1.2.840.10045.4.3.1" | "2.16.840.1.101.3.4.3.9" => (KeyKind::Ec, 28),
        "1.2.840.10045.4.3.2" | "2.16.840.1.101.3.4.3.10" => (KeyKind::Ec, 32),
        "1.2.840.10045.4.3.3" | "2.16.840.1.101.3.4.3.11" => (KeyKind::Ec, 48),
        "1.2.840.10045.4.3.4" | "2.16.840.1.101.3.4.3.12" => (KeyKind::Ec, 64),
        "1.2.840.10040.4.3" => (KeyKind::Dsa, 20),
        "2.16.840.1.101.3.4.3.1" => (KeyKind::Dsa, 28),
        "2.16.840.1.101.3.4.3.2" => (KeyKind::Dsa, 32),
        _ => return None,
    })
}

/// Security of a signature algorithm in bits: half the hash, less for MD5 and SHA-1 since 3.0.
fn signature_strength(oid: &str, algorithm: &[u8], generation: Generation) -> Option<u16> {
    let length = match oid {
        "1.3.101.112" => return Some(128),
        "1.3.101.113" => return Some(224),
        // MD2 has no implementation in either version.
        "1.2.840.113549.1.1.2" => return None,
        RSASSA_PSS => pss_hash_bytes(algorithm)?,
        _ => hash_bytes(oid)?.1,
    };
    Some(match (generation, length) {
        (Generation::Three, 16) => 39,
        (Generation::Three, 20) => 63,
        (_, length) => length * 4,
    })
}

/// Length of the hash in the parameters of RSASSA-PSS (RFC 4055 section 3.1), SHA-1 where none is named.
fn pss_hash_bytes(algorithm: &[u8]) -> Option<u16> {
    let mut parts = only(algorithm, der::SEQUENCE)?.reader();
    der::expect(&mut parts, der::OBJECT_IDENTIFIER, "").ok()?;
    let mut parameters = der::expect(&mut parts, der::SEQUENCE, "").ok()?.reader();
    let Some(hash) = der::optional(&mut parameters, 0xa0, "").ok()? else { return Some(20) };
    let mut hash = only(hash.content, der::SEQUENCE)?.reader();
    let oid = der::expect(&mut hash, der::OBJECT_IDENTIFIER, "").ok()?.content;
    Some(match der::object_identifier(oid).as_str() {
        "1.2.840.113549.2.5" => 16,
        "1.3.14.3.2.26" => 20,
        "2.16.840.1.101.3.4.2.4" => 28,
        "2.16.840.1.101.3.4.2.1" => 32,
        "2.16.840.1.101.3.4.2.2" => 48,
        "2.16.840.1.101.3.4.2.3" => 64,
        _ => return None,
    })
}
