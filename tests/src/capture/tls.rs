//! TLS 1.2 messages (RFC 5246) as far as they are sent in clear.
#![allow(clippy::expect_used, reason = "what tests write is small")]

/// Records of this type around `bytes`, at most `limit` bytes in each.
pub fn records(kind: u8, bytes: &[u8], limit: usize) -> Vec<u8> {
    let mut records = Vec::new();
    for piece in bytes.chunks(limit) {
        records.extend([kind, 3, 3]);
        records.extend(two(piece.len()));
        records.extend(piece);
    }
    records
}

/// ClientHello that offers TLS 1.2, with a server name or without.
pub fn client_hello(random: &[u8; 4], name: Option<&str>) -> Vec<u8> {
    let mut extensions = Vec::new();
    if let Some(name) = name {
        let host = [&[0][..], &two(name.len()), name.as_bytes()].concat();
        let list = [&two(host.len())[..], &host].concat();
        extensions.extend([0, 0]);
        extensions.extend(two(list.len()));
        extensions.extend(list);
    }
    // supported_groups: P-256; signature_algorithms: RSA and ECDSA with SHA-256.
    extensions.extend([0, 10, 0, 4, 0, 2, 0, 23]);
    extensions.extend([0, 13, 0, 6, 0, 4, 4, 1, 4, 3]);
    let mut body = vec![3, 3];
    body.extend(random.repeat(8));
    body.extend([0, 0, 6, 0xc0, 0x30, 0xc0, 0x2f, 0, 0x35, 1, 0]);
    body.extend(two(extensions.len()));
    body.extend(extensions);
    message(1, &body)
}

/// ServerHello that chooses TLS 1.2 and ECDHE-RSA-AES256-GCM-SHA384.
pub fn server_hello(random: &[u8; 4]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend(random.repeat(8));
    body.extend([0, 0xc0, 0x30, 0]);
    message(2, &body)
}

/// Certificate.
pub fn certificate(chain: &[&[u8]]) -> Vec<u8> {
    let list: Vec<u8> =
        chain.iter().flat_map(|one| [&three(one.len())[..], one].concat()).collect();
    message(11, &[&three(list.len())[..], &list].concat())
}

/// ServerHelloDone.
pub fn server_hello_done() -> Vec<u8> {
    message(14, &[])
}

/// ClientKeyExchange with a point that is on no curve.
pub fn client_key_exchange() -> Vec<u8> {
    message(16, &[&[65, 4][..], &[7; 64]].concat())
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &three(body.len()), body].concat()
}

fn two(value: usize) -> [u8; 2] {
    u16::try_from(value).expect("shorter than 64 KiB").to_be_bytes()
}

fn three(value: usize) -> [u8; 3] {
    let [_, a, b, c] = u32::try_from(value).expect("shorter than 16 MiB").to_be_bytes();
    [a, b, c]
}
