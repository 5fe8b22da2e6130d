//! Certificates made on the spot, for suites that need thousands: names as asked for, a key and a signature that
//! nothing looks at.

/// One attribute of a subject: content of its object identifier, tag of its value, value.
pub type Attribute<'a> = (&'a [u8], u8, &'a [u8]);

/// Content of the object identifier of commonName.
pub const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// Content of the object identifier of emailAddress (RFC 2985).
pub const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];
/// Content of the object identifier of subjectAltName.
pub const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// One DER element; `content` below 16 MiB.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [_, high, middle, low] = u32::try_from(content.len()).unwrap_or(0).to_be_bytes();
    let mut bytes = vec![tag];
    match (high, middle, low) {
        (0, 0, 0..=0x7f) => bytes.push(low),
        (0, 0, _) => bytes.extend([0x81, low]),
        (0, _, _) => bytes.extend([0x82, middle, low]),
        _ => bytes.extend([0x83, high, middle, low]),
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A SEQUENCE of what is given.
pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// A certificate in DER, of Ed25519, valid from 2024 to 2044; `extensions` are pairs of identifier and extnValue.
pub fn certificate(subject: &[Attribute<'_>], extensions: &[(&[u8], Vec<u8>)]) -> Vec<u8> {
    let attribute = |(oid, tag, value): &Attribute<'_>| {
        element(0x31, &sequence(&[element(6, oid), element(*tag, value)]))
    };
    let extension =
        |(oid, value): &(&[u8], Vec<u8>)| sequence(&[element(6, oid), element(4, value)]);
    let algorithm = sequence(&[element(6, &[0x2b, 0x65, 0x70])]);
    let mut parts = vec![
        element(0xa0, &element(2, &[2])),
        element(2, &[1]),
        algorithm.clone(),
        sequence(&[attribute(&(COMMON_NAME, 0x0c, b"issuer"))]),
        sequence(&[element(0x17, b"240101000000Z"), element(0x17, b"440101000000Z")]),
        sequence(&subject.iter().map(attribute).collect::<Vec<_>>()),
        sequence(&[algorithm.clone(), element(3, &[0; 33])]),
    ];
    if !extensions.is_empty() {
        let extensions = sequence(&extensions.iter().map(extension).collect::<Vec<_>>());
        parts.push(element(0xa3, &extensions));
    }
    sequence(&[sequence(&parts), algorithm, element(3, &[0; 65])])
}
