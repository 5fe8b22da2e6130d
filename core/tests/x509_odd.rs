//! Every odd certificate stays a certificate: what can be read is there, what is odd is a problem with
//! its offset. The kinds are those that parsers in the field disagree about; `data/x509/make_odd.py`
//! makes them.

use tlvet_core::error::ErrorKind;
use tlvet_core::x509::{Certificate, Time};

/// What differs from the normal certificate.
struct Odd {
    name: &'static str,
    der: &'static [u8],
    subject: &'static str,
    not_before: &'static str,
    not_after: &'static str,
    version: u32,
    serial: &'static str,
    key: (&'static str, u32),
    signature: &'static str,
    self_signed: bool,
    dns: &'static [&'static str],
    ip: &'static [&'static str],
    /// Place, field, and the beginning of the message.
    problems: &'static [(u64, &'static str, &'static str)],
}

const NORMAL: Odd = Odd {
    name: "",
    der: &[],
    subject: "CN=host.example.com",
    not_before: "2020-01-01T00:00:00Z",
    not_after: "2040-01-01T00:00:00Z",
    version: 3,
    serial: "1234",
    key: ("rsa", 2048),
    signature: "sha256WithRSAEncryption",
    self_signed: true,
    dns: &["host.example.com"],
    ip: &["10.0.0.1"],
    problems: &[],
};

/// Those that openssl made with other keys: their times are those of the day they were made.
const OTHER_KEY: Odd =
    Odd { subject: "C=NZ, O=Example, CN=host.example.com", dns: &[], ip: &[], ..NORMAL };

macro_rules! odd {
    ($($name:literal: $base:ident { $($field:ident: $value:expr),* $(,)? }),* $(,)?) => {
        &[$(Odd {
            name: $name,
            der: include_bytes!(concat!("data/x509/odd/", $name, ".der")),
            $($field: $value,)*
            ..$base
        }),*]
    };
}

const ODD: &[Odd] = odd! {
    "00-normal": NORMAL {},
    "alg-mismatch": NORMAL {
        signature: "sha1WithRSAEncryption",
        self_signed: false,
        problems: &[(469, "signatureAlgorithm", "says sha256WithRSAEncryption inside")],
    },
    "alg-no-null": NORMAL {},
    "dsa": OTHER_KEY { key: ("1.2.840.10040.4.1", 0), signature: "dsa_with_SHA256", self_signed: false },
    "ec-brainpoolP256r1": OTHER_KEY { key: ("ec", 256), signature: "ecdsa-with-SHA256", self_signed: false },
    "ec-prime192v1": OTHER_KEY { key: ("ec", 192), signature: "ecdsa-with-SHA256", self_signed: false },
    "ec-secp256k1": OTHER_KEY { key: ("ec", 256), signature: "ecdsa-with-SHA256", self_signed: false },
    "ec-secp521r1": OTHER_KEY { key: ("ec", 521), signature: "ecdsa-with-SHA256" },
    "ed448": OTHER_KEY { key: ("1.3.101.113", 0), signature: "ED448", self_signed: false },
    "ext-bad-keyusage": NORMAL { problems: &[(479, "keyUsage", "no usage is set")] },
    "ext-bad-nameconstraints": NORMAL { problems: &[(476, "nameConstraints", "constrains nothing")] },
    "ext-bad-san": NORMAL { dns: &[], ip: &[], problems: &[(445, "subjectAltName", "needs 64 bytes")] },
    "ext-bool-01": NORMAL { problems: &[(427, "basicConstraints", "critical is neither")] },
    "ext-crit-false-explicit": NORMAL {
        ip: &[],
        problems: &[(441, "subjectAltName", "critical is written as FALSE")],
    },
    "ext-dup-san": NORMAL { ip: &[], problems: &[(463, "subjectAltName", "stands twice")] },
    "ext-empty-seq": NORMAL { dns: &[], ip: &[], problems: &[(418, "extensions", "the list is empty")] },
    "ext-san-dns-utf8": NORMAL {
        dns: &["h\u{f6}st.example.com"],
        ip: &[],
        problems: &[(445, "subjectAltName", "a name with characters")],
    },
    "ext-san-empty": NORMAL { dns: &[], ip: &[], problems: &[(443, "subjectAltName", "holds no name")] },
    "ext-san-ip5": NORMAL {
        ip: &["0a00000102"],
        problems: &[(463, "subjectAltName", "an address of 5 bytes")],
    },
    "ext-unknown-crit": NORMAL { problems: &[(469, "extension 1.2.3.4.5", "is critical")] },
    "md5": NORMAL { signature: "md5WithRSAEncryption" },
    "name-bmp-odd": NORMAL {
        subject: "CN=ho",
        problems: &[(43, "issuer CN", "the BMPString has an odd"), (93, "subject CN", "the BMPString has an odd")],
    },
    "name-bmp": NORMAL { subject: "CN=h\u{f6}\u{df}t\u{20ac}.example.com" },
    "name-country-3": NORMAL {
        subject: "C=NZL, CN=host.example.com",
        self_signed: false,
        problems: &[(106, "subject C", "a country has two letters")],
    },
    "name-empty-cn": NORMAL {
        subject: "CN=",
        problems: &[(43, "issuer CN", "the value is empty"), (88, "subject CN", "the value is empty")],
    },
    "name-empty": NORMAL { subject: "", problems: &[(32, "issuer", "names nobody")] },
    "name-ia5": NORMAL {},
    "name-multi-rdn": NORMAL { subject: "O=Example+CN=host.example.com", self_signed: false },
    "name-numeric": NORMAL { subject: "CN=12 34" },
    "name-printable-bad": NORMAL {
        subject: "CN=*_host@example.com",
        problems: &[(43, "issuer CN", "a character that Printable"), (106, "subject CN", "a character that Printable")],
    },
    "name-teletex": NORMAL { subject: "CN=h\u{f6}st.example.com" },
    "name-universal": NORMAL { subject: "CN=h\u{f6}\u{1f600}" },
    "name-utf8-bad": NORMAL {
        subject: "CN=h\u{fffd}st.example.com",
        problems: &[(43, "issuer CN", "the UTF8String is not"), (104, "subject CN", "the UTF8String is not")],
    },
    "name-utf8": NORMAL { subject: "CN=h\u{f6}st.\u{4f8b}.com" },
    "pss-salt20": OTHER_KEY { signature: "rsassaPss" },
    "rsa1024": NORMAL { key: ("rsa", 1024) },
    "rsa512": NORMAL { key: ("rsa", 512) },
    "rsassa-pss-key": OTHER_KEY { signature: "rsassaPss" },
    "serial-21-leading0": NORMAL {
        serial: "8181818181818181818181818181818181818181",
        problems: &[(13, "serialNumber", "21 bytes")],
    },
    "serial-25bytes": NORMAL {
        serial: "41414141414141414141414141414141414141414141414141",
        problems: &[(13, "serialNumber", "25 bytes")],
    },
    "serial-empty": NORMAL { serial: "", problems: &[(13, "serialNumber", "the number has no bytes")] },
    "serial-negative": NORMAL { serial: "8102", problems: &[(13, "serialNumber", "the number is negative")] },
    "serial-nonminimal": NORMAL { serial: "12", problems: &[(13, "serialNumber", "a zero byte too many")] },
    "serial-zero": NORMAL { serial: "00", problems: &[(13, "serialNumber", "the number is zero")] },
    "sha1": NORMAL { signature: "sha1WithRSAEncryption" },
    "time-bad": NORMAL { not_after: "401301000000Z", problems: &[(78, "notAfter", "\"401301000000Z\" is no time")] },
    "time-gen-2040": NORMAL { problems: &[(78, "notAfter", "a GeneralizedTime before 2050")] },
    "time-gen-9999": NORMAL { not_after: "9999-12-31T23:59:59Z" },
    "time-gen-before2050": NORMAL { problems: &[(63, "notBefore", "a GeneralizedTime before 2050")] },
    "time-gen-frac": NORMAL { not_before: "20200101000000.5Z", problems: &[(63, "notBefore", "\"20200101")] },
    "time-utc-1950": NORMAL { not_before: "1950-01-01T00:00:00Z" },
    "time-utc-nosec": NORMAL { not_before: "2001010000Z", problems: &[(63, "notBefore", "\"2001010000Z\"")] },
    "time-utc-offset": NORMAL { not_before: "200101000000+0100", problems: &[(63, "notBefore", "\"200101000000+")] },
    "trailing-garbage": NORMAL { problems: &[(745, "Certificate", "3 bytes follow")] },
    "uid": NORMAL {},
    "v1-with-ext": NORMAL { version: 1, problems: &[(411, "extensions", "extensions in a certificate of version 1")] },
    "v1": NORMAL { version: 1, dns: &[], ip: &[] },
    "v2": NORMAL { version: 2, dns: &[], ip: &[] },
    "v4": NORMAL { version: 4, problems: &[(8, "version", "version 4 is not defined")] },
};

#[test]
fn every_odd_certificate_is_read() {
    assert_eq!(ODD.len(), 59);
    for odd in ODD {
        let name = odd.name;
        let certificate =
            Certificate::parse(odd.der, 0).unwrap_or_else(|error| panic!("{name}: {error}"));
        let report = certificate.to_report(Vec::new());
        assert_eq!(report.subject, odd.subject, "{name}");
        if odd.subject == NORMAL.subject {
            assert_eq!(report.not_before, odd.not_before, "{name}");
            assert_eq!(report.not_after, odd.not_after, "{name}");
        } else {
            assert!(certificate.not_before.at().is_some(), "{name}");
        }
        assert_eq!(report.version, odd.version, "{name}");
        assert_eq!(report.serial, odd.serial, "{name}");
        assert_eq!((report.key.r#type.as_str(), report.key.bits), odd.key, "{name}");
        assert_eq!(report.signature, odd.signature, "{name}");
        assert_eq!(report.self_signed, odd.self_signed, "{name}");
        assert_eq!(report.san.dns, odd.dns, "{name}");
        assert_eq!(report.san.ip, odd.ip, "{name}");
        let problems: Vec<_> = report
            .problems
            .iter()
            .map(|problem| (problem.at, problem.field.as_str(), problem.message.as_str()))
            .collect();
        assert_eq!(problems.len(), odd.problems.len(), "{name}: {problems:?}");
        for (found, expected) in problems.iter().zip(odd.problems) {
            assert_eq!((found.0, found.1), (expected.0, expected.1), "{name}: {problems:?}");
            assert!(found.2.starts_with(expected.2), "{name}: {problems:?}");
        }
    }
}

/// Invalid dates keep their text and are no time to compare with.
#[test]
fn an_unreadable_time_is_not_a_time() {
    let odd = ODD.iter().find(|odd| odd.name == "time-bad").unwrap();
    let certificate = Certificate::parse(odd.der, 0).unwrap();
    assert_eq!(certificate.not_after, Time::Unreadable("401301000000Z".to_owned()));
    assert_eq!(certificate.not_after.at(), None);
    assert_eq!(certificate.not_before.at().unwrap().0, 1_577_836_800);
}

#[test]
fn bytes_behind_the_certificate_are_not_part_of_it() {
    let odd = ODD.iter().find(|odd| odd.name == "trailing-garbage").unwrap();
    let certificate = Certificate::parse(odd.der, 0).unwrap();
    assert_eq!(certificate.trailing, 3);
    assert_eq!(certificate.der, odd.der[..odd.der.len() - 3]);
    let alone = Certificate::parse(&certificate.der, 0).unwrap();
    assert_eq!(alone.digests, certificate.digests);
    assert_eq!(alone.problems, []);
}

/// A certificate that ends early is an error with the place in the input, whatever length is left.
#[test]
fn no_length_of_any_certificate_is_a_panic() {
    for odd in ODD {
        let whole = Certificate::parse(odd.der, 0).unwrap().der.len();
        for length in 0..whole {
            let error = Certificate::parse(&odd.der[..length], 1000)
                .expect_err("a cut certificate is no certificate");
            assert!(
                (1000..=1000 + length as u64).contains(&error.at),
                "{} cut to {length}: {error}",
                odd.name
            );
        }
        let error = Certificate::parse(&odd.der[..whole - 1], 1000).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Truncated { .. }), "{}: {error}", odd.name);
    }
}

/// Any byte may change to anything without a panic, and nothing changed inside the signed part is self-signed.
#[test]
fn no_changed_byte_is_a_panic() {
    for odd in
        ODD.iter().filter(|odd| ["00-normal", "uid", "name-bmp", "ext-san-ip5"].contains(&odd.name))
    {
        let mut der = odd.der.to_vec();
        for index in 0..der.len() {
            let good = der[index];
            for changed in [good ^ 1, good ^ 0x80, 0, 0xff] {
                der[index] = changed;
                if let Ok(certificate) = Certificate::parse(&der, 0) {
                    assert!(certificate.to_be_signed().len() <= der.len());
                    assert!(certificate.subject.to_string().len() < 10_000);
                }
            }
            der[index] = good;
        }
    }
}

/// Fields that only a certificate with everything has.
#[test]
fn all_fields_of_a_usual_certificate() {
    let root = Certificate::parse(include_bytes!("data/x509/authority.der"), 0).unwrap();
    assert_eq!(root.subject.to_string(), "C=NZ, O=Example, CN=Root");
    assert_eq!(root.subject.cisco(), "CN=Root;O=Example;C=NZ");
    assert_eq!((root.ca, root.path_length), (true, Some(1)));
    assert_eq!(root.key_usage, ["keyCertSign", "cRLSign"]);
    assert_eq!(root.subject_key_identifier.as_deref(), Some(&[1, 2, 3, 4][..]));
    assert_eq!(root.authority_key_identifier, None);
    assert!(root.self_issued());
    assert_eq!(root.problems, []);

    let issued = Certificate::parse(include_bytes!("data/x509/issued.der"), 0).unwrap();
    assert_eq!(issued.serial, [0, 0x8a, 0xdc]);
    assert_eq!(issued.serial_hex(), "8adc");
    assert_eq!(issued.issuer.raw, root.subject.raw);
    assert_eq!(issued.authority_key_identifier.as_deref(), Some(&[1, 2, 3, 4][..]));
    assert_eq!(issued.key_usage, ["digitalSignature", "keyEncipherment"]);
    assert_eq!(issued.extended_key_usage, ["clientAuth", "serverAuth", "ipsecEndSystem", "1.2.3"]);
    assert_eq!(issued.subject_alt_names.dns, ["host.example.com", "a\\u{0}b"]);
    assert_eq!(issued.subject_alt_names.ip, ["10.0.0.1", "2001:db8::1"]);
    assert_eq!(issued.subject_alt_names.email, ["a@example.com"]);
    assert_eq!(issued.subject_alt_names.uri, ["https://example.com/"]);
    assert_eq!((issued.ca, issued.path_length), (false, None));
    assert_eq!(issued.extensions.len(), 4);
    assert!(!issued.self_signed());
}

/// Parsed certificates travel between instances of the engine.
#[test]
fn certificates_survive_postcard() {
    for odd in ODD {
        let certificate = Certificate::parse(odd.der, 7).unwrap();
        let bytes = postcard::to_allocvec(&certificate).unwrap();
        assert_eq!(
            postcard::from_bytes::<Certificate>(&bytes).unwrap(),
            certificate,
            "{}",
            odd.name
        );
    }
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag, 0x84];
    bytes.extend_from_slice(&u32::try_from(content.len()).unwrap_or_default().to_be_bytes());
    bytes.extend_from_slice(content);
    bytes
}

/// A certificate as large as the limit allows, with as many parts as fit, is read up to the caps. Were
/// the search for repeated extensions not capped, this would take minutes.
#[test]
fn parts_without_end_are_cut_at_the_caps() {
    let algorithm = tlv(0x30, &[0x06, 0x01, 0x2a]);
    let time = tlv(0x17, b"200101000000Z");
    let validity = tlv(0x30, &[time.clone(), time].concat());
    let key = tlv(0x30, &[]);
    let attribute = tlv(0x31, &tlv(0x30, &[0x06, 0x01, 0x2a, 0x0c, 0x00]));
    let extension = tlv(0x30, &[0x06, 0x01, 0x2a, 0x04, 0x00]);
    let build = |name: &[u8], extensions: &[u8]| {
        let name = tlv(0x30, name);
        let extensions = tlv(0xa3, &tlv(0x30, extensions));
        let serial = [0x02, 0x01, 0x01];
        let signed = [
            &[0xa0, 3, 2, 1, 2][..],
            &serial,
            &algorithm,
            &name,
            &validity,
            &name,
            &key,
            &extensions,
        ];
        let signed = tlv(0x30, &signed.concat());
        tlv(0x30, &[signed, algorithm.clone(), vec![3, 1, 0]].concat())
    };
    let certificate = Certificate::parse(&build(&[], &extension.repeat(90_000)), 0).unwrap();
    assert_eq!(certificate.extensions.len(), 256);
    assert_eq!(certificate.problems.len(), 64);
    let certificate = Certificate::parse(&build(&attribute.repeat(30_000), &[]), 0).unwrap();
    assert_eq!(certificate.subject.attributes.len(), 256);
    assert_eq!(certificate.problems.len(), 64);
    let error = Certificate::parse(&build(&attribute.repeat(60_000), &[]), 0).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge { limit: 1024 * 1024 });
}
