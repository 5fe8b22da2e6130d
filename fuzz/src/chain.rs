//! Sets of certificates before the path engine.

use tlvet_core::limits;
use tlvet_core::x509::chain::{
    Judgement, Origin, PROFILES, Purpose, ReferenceName, Request, SignatureCache, judge,
};
use tlvet_core::x509::{Certificate, RevocationList};

use crate::NOW;

/// The chain that `altered` alters.
const LEAF: &[u8] = include_bytes!("../corpus/certificate/chain_leaf.der");
const INTERMEDIATE: &[u8] = include_bytes!("../corpus/certificate/chain_intermediate.der");
const ROOT: &[u8] = include_bytes!("../corpus/certificate/chain_root.der");

/// Four bytes (profile, level, purpose, depth), then items: place (leaf, untrusted, trusted, revocation list), length in two
/// bytes, DER.
pub(crate) fn set(data: &[u8]) {
    let Some((head, mut rest)) = data.split_at_checked(4) else { return };
    let (mut leaf, mut untrusted, mut trusted, mut crls) =
        (None, Vec::new(), Vec::new(), Vec::new());
    while let Some(([place, high, low], after)) = rest.split_first_chunk::<3>() {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        let (der, next) = after.split_at(length);
        rest = next;
        if place % 4 == 3 {
            crls.extend(RevocationList::parse(der, 0));
            continue;
        }
        let Ok(certificate) = Certificate::parse(der, 0) else { continue };
        match place % 4 {
            0 if leaf.is_none() => leaf = Some(certificate),
            2 => trusted.push(certificate),
            _ => untrusted.push(certificate),
        }
    }
    let Some(leaf) = leaf else { return };
    let name = ReferenceName::Dns("server.example.com".to_owned());
    let request = Request {
        untrusted: &untrusted.iter().collect::<Vec<_>>(),
        trusted: &trusted.iter().collect::<Vec<_>>(),
        crls: &crls.iter().collect::<Vec<_>>(),
        name: (head[2] & 0x80 == 0).then_some(&name),
        at: (head[2] & 0x40 == 0).then_some(NOW),
        purpose: [Purpose::Server, Purpose::Client, Purpose::Any][usize::from(head[2] & 0x3f) % 3],
        max_depth: (head[3] != 255).then_some(u32::from(head[3])),
        profile: PROFILES[usize::from(head[0]) % PROFILES.len()],
        level: head[1] % 4,
        ..Request::of(&leaf)
    };
    let mut cache = SignatureCache::new();
    let judgement = judge(&request, &mut cache);
    holds_together(&judgement);
    assert_eq!(judgement, judge(&request, &mut cache), "what is remembered changes the result");
}

fn holds_together(judgement: &Judgement) {
    assert_eq!(judgement.ok, judgement.all.is_empty());
    assert_eq!(judgement.first.as_ref(), judgement.all.first());
    assert!(judgement.events.starts_with(judgement.enforced_events()));
    assert!(judgement.signatures <= limits::CHAIN_SIGNATURES);
    assert!(judgement.chain.len() <= 256, "a chain longer than the largest depth asked for");
    if judgement.ok {
        let top = judgement.chain.last().expect("a chain has a leaf");
        assert!(matches!(top.origin, Origin::Trusted(_)), "accepted without an anchor");
        assert!(judgement.unreadable.is_none() && !judgement.budget_exhausted);
        assert!(judgement.unsupported_signatures.is_empty());
    }
}

/// Edits of a sound chain, of four bytes each: certificate (leaf, intermediate), offset in two bytes, bits to turn. It is accepted
/// only when nothing is altered.
pub(crate) fn altered(data: &[u8]) {
    let (mut leaf, mut intermediate) = (LEAF.to_vec(), INTERMEDIATE.to_vec());
    for edit in data.chunks_exact(4) {
        let der = if edit[0] % 2 == 0 { &mut leaf } else { &mut intermediate };
        let at = usize::from(u16::from_be_bytes([edit[1], edit[2]])) % der.len();
        der[at] ^= edit[3];
    }
    let root = Certificate::parse(ROOT, 0).expect("the seed is a certificate");
    let (Ok(leaf), Ok(intermediate)) =
        (Certificate::parse(&leaf, 0), Certificate::parse(&intermediate, 0))
    else {
        return;
    };
    let request = Request {
        untrusted: &[&intermediate],
        trusted: &[&root],
        at: Some(NOW),
        ..Request::of(&leaf)
    };
    let judgement = judge(&request, &mut SignatureCache::new());
    let is_sound = leaf.der == LEAF && intermediate.der == INTERMEDIATE;
    assert_eq!(judgement.ok, is_sound, "altered, yet accepted, or sound, yet refused");
}
