//! Checks a chain in OpenSSL's order, and keeps what the verify callback would be told.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cache::{SignatureCache, Signed};
use super::extensions::{Facts, key_usage};
use super::profile::{Generation, Profile, code, number};
use super::{
    Event, Failure, Judgement, Link, MissingIssuer, Origin, Purpose, ReferenceName, Request,
    name_constraints,
};
use crate::limits;
use crate::x509::certificate::{Certificate, Time};
use crate::x509::name_check::{self, HostFlags, TrafficServerVersion};

/// Nothing more can be checked: OpenSSL fails where no callback can let it pass, or the budget is used up.
#[derive(Debug)]
pub(super) struct Stop;

/// A certificate that is at hand.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) facts: Arc<Facts>,
    pub(super) origin: Origin,
}

/// One verification.
#[derive(Debug)]
pub(super) struct Verifier<'a, 'c> {
    pub(super) request: &'a Request<'a>,
    pub(super) generation: Generation,
    pub(super) strict: bool,
    pub(super) max_depth: usize,
    pub(super) leaf: Node<'a>,
    /// Untrusted certificates that are not in the chain yet.
    pub(super) untrusted: Vec<Node<'a>>,
    /// The trust store, every certificate once.
    pub(super) trusted: Vec<Node<'a>>,
    /// Leaf first, never empty.
    pub(super) chain: Vec<Node<'a>>,
    /// Digests of the chain.
    pub(super) in_chain: BTreeSet<[u8; 32]>,
    /// Certificates of the chain, from the leaf, that do not come from the trust store.
    pub(super) untrusted_length: usize,
    /// The last error, in the numbers of 3.0; it stays.
    pub(super) error: u32,
    /// Depth of the last check.
    pub(super) depth: usize,
    pub(super) missing: Option<MissingIssuer>,
    pub(super) cache: &'c mut SignatureCache,
    events: Vec<Event>,
    /// Errors that OpenSSL reports without a call of the callback, or would find once others are cured.
    silent: Vec<Failure>,
    unsupported: Vec<u32>,
    work: usize,
    signatures: usize,
    exhausted: bool,
}

impl<'a, 'c> Verifier<'a, 'c> {
    pub(super) fn new(request: &'a Request<'a>, cache: &'c mut SignatureCache) -> Self {
        let generation = request.profile.generation();
        let mut node = |certificate: &'a Certificate, origin| Node {
            certificate,
            facts: cache.facts(certificate, generation),
            origin,
        };
        // What OpenSSL cannot load gets into no store.
        let is_readable = |node: &Node<'_>| node.facts.unreadable.is_none();
        let leaf = node(request.leaf, Origin::Leaf);
        let untrusted = request.untrusted.iter().enumerate();
        let untrusted = untrusted
            .map(|(index, certificate)| node(certificate, Origin::Untrusted(index)))
            .filter(is_readable)
            .collect();
        let mut in_store = BTreeSet::new();
        let trusted = request.trusted.iter().enumerate();
        let trusted = trusted
            .map(|(index, certificate)| node(certificate, Origin::Trusted(index)))
            .filter(|node| is_readable(node) && in_store.insert(node.facts.digest))
            .collect();
        let max_depth = request.max_depth.unwrap_or_else(|| request.profile.usual_depth());
        Self {
            request,
            generation,
            strict: request.profile.is_strict(),
            max_depth: usize::try_from(max_depth).unwrap_or(usize::MAX),
            in_chain: BTreeSet::from([leaf.facts.digest]),
            chain: vec![leaf.clone()],
            leaf,
            untrusted,
            trusted,
            untrusted_length: 1,
            error: 0,
            depth: 0,
            missing: None,
            cache,
            events: Vec::new(),
            silent: Vec::new(),
            unsupported: Vec::new(),
            work: 0,
            signatures: 0,
            exhausted: false,
        }
    }

    /// Does everything and says what came out.
    pub(super) fn run(mut self) -> Judgement {
        let unreadable = self.leaf.facts.unreadable;
        if unreadable.is_some() {
            self.silent.push(self.failure(code::UNSPECIFIED, 0));
        } else if self.check().is_err() {
            self.look_behind();
        }
        let events = self.events.iter().filter(|event| !event.ok);
        let failures = events.map(|event| self.failure_as_numbered(event.code, event.depth));
        let mut seen = BTreeSet::new();
        let mut all: Vec<Failure> = failures.collect();
        all.append(&mut self.silent);
        all.retain(|failure| seen.insert((failure.code, failure.depth)));
        let link = |node: &Node<'_>| Link { sha256: node.facts.digest, origin: node.origin };
        Judgement {
            ok: all.is_empty(),
            first: all.first().cloned(),
            all,
            events: self.events,
            chain: self.chain.iter().map(link).collect(),
            missing: self.missing,
            unreadable,
            unsupported_signatures: self.unsupported,
            budget_exhausted: self.exhausted,
            work: self.work,
            signatures: self.signatures,
        }
    }

    /// OpenSSL's `X509_verify_cert`.
    fn check(&mut self) -> Result<(), Stop> {
        if !self.is_strong_enough(&self.leaf) {
            self.fail(code::EE_KEY_TOO_SMALL, 0);
        }
        self.build()?;
        self.check_extensions();
        self.check_levels();
        self.check_name();
        if self.generation == Generation::Three && self.leaf.facts.key.is_none() {
            // X509_get_pubkey_parameters fails.
            return Err(self.internal_error());
        }
        self.check_revocation()?;
        self.check_signatures()?;
        self.check_all_name_constraints()
    }

    /// After a stop that no callback can let pass: what is wrong with the leaf besides. OpenSSL would find it
    /// once the stop is cured.
    fn look_behind(&mut self) {
        if self.exhausted {
            return;
        }
        let before = self.events.len();
        self.check_name();
        self.check_time(&self.leaf.clone(), 0);
        for event in self.events.split_off(before) {
            let failure = self.failure_as_numbered(event.code, event.depth);
            self.silent.push(failure);
        }
        self.check_traffic_server_name();
    }

    fn check_extensions(&mut self) {
        /// What the next certificate must be.
        #[derive(Clone, Copy, PartialEq, Eq)]
        enum Expected {
            Anything,
            NoAuthority,
            Authority,
        }
        let mut expected = Expected::Anything;
        let mut path_length = 0_i64;
        let mut proxy_length = 0_i64;
        let length = self.chain.len();
        for (depth, node) in self.chain.clone().into_iter().enumerate() {
            let facts = node.facts.as_ref();
            if facts.unknown_critical {
                self.fail(code::UNHANDLED_CRITICAL_EXTENSION, depth);
            }
            if facts.proxy.is_some() {
                self.fail(code::PROXY_CERTIFICATES_NOT_ALLOWED, depth);
            }
            let kind = if facts.invalid { 0 } else { facts.authority_kind() };
            let wrong = match expected {
                Expected::Anything => (self.strict && kind > 1).then_some(code::INVALID_CA),
                Expected::NoAuthority => (kind != 0).then_some(code::INVALID_NON_CA),
                Expected::Authority => {
                    let is_last = depth + 1 == length;
                    (kind == 0 || (kind != 1 && (!is_last || self.strict)))
                        .then_some(code::INVALID_CA)
                }
            };
            if let Some(wrong) = wrong {
                self.fail(wrong, depth);
            }
            // 1.1.1 looks at the curve only with X509_STRICT, which no profile of it sets.
            if length > 1 && self.generation == Generation::Three {
                match facts.key {
                    None => self.fail(code::UNSPECIFIED, depth),
                    Some(key) if key.explicit_parameters => {
                        self.fail(code::EC_KEY_EXPLICIT_PARAMS, depth);
                    }
                    Some(_) => {}
                }
            }
            if self.strict && length > 1 {
                self.check_strictly(facts, depth);
            }
            if !self.is_fit(facts, expected == Expected::Authority) {
                self.fail(code::INVALID_PURPOSE, depth);
            }
            if depth > 1
                && facts
                    .path_length
                    .is_some_and(|limit| path_length > limit.saturating_add(proxy_length))
            {
                self.fail(code::PATH_LENGTH_EXCEEDED, depth);
            }
            if depth > 0 && !facts.self_issued {
                path_length += 1;
            }
            expected = match facts.proxy {
                Some(limit) => {
                    if let Some(limit) = limit {
                        if proxy_length > limit {
                            self.fail(code::PROXY_PATH_LENGTH_EXCEEDED, depth);
                        }
                        proxy_length = limit;
                    }
                    proxy_length = proxy_length.saturating_add(1);
                    Expected::NoAuthority
                }
                None => Expected::Authority,
            };
        }
    }

    /// What X509_V_FLAG_X509_STRICT adds, in its order (RFC 5280 section 4.2.1).
    fn check_strictly(&mut self, facts: &Facts, depth: usize) {
        let says = |bit| facts.key_usage.is_some_and(|usage| usage & bit != 0);
        let is_last = depth + 1 == self.chain.len();
        let nameless = facts.subject.entries == 0;
        let authority = facts.authority_key.as_ref();
        let has_names = facts.alt_names.is_some();
        let has_length = facts.path_length.is_some();
        let is_version_3 = facts.version >= 3;
        let rules = [
            (has_length && !facts.ca, code::PATHLEN_INVALID_FOR_NON_CA),
            (has_length && !says(key_usage::KEY_CERT_SIGN), code::PATHLEN_WITHOUT_KU_KEY_CERT_SIGN),
            (
                facts.ca && facts.has_basic_constraints && !facts.basic_constraints_critical,
                code::CA_BCONS_NOT_CRITICAL,
            ),
            (facts.ca && facts.key_usage.is_none(), code::CA_CERT_MISSING_KEY_USAGE),
            (
                !facts.ca && says(key_usage::KEY_CERT_SIGN),
                code::KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA,
            ),
            (facts.issuer.entries == 0, code::ISSUER_NAME_EMPTY),
            (
                nameless && (facts.ca || says(key_usage::CRL_SIGN) || !has_names),
                code::SUBJECT_NAME_EMPTY,
            ),
            (
                nameless && has_names && !facts.alt_names_critical,
                code::EMPTY_SUBJECT_SAN_NOT_CRITICAL,
            ),
            (facts.alt_names.as_ref().is_some_and(Vec::is_empty), code::EMPTY_SUBJECT_ALT_NAME),
            (!facts.signature_algorithms_agree, code::SIGNATURE_ALGORITHM_INCONSISTENCY),
            (
                is_version_3
                    && !is_last
                    && authority.is_none_or(|authority| authority.identifier.is_none()),
                code::MISSING_AUTHORITY_KEY_IDENTIFIER,
            ),
            (
                is_version_3 && facts.ca && facts.subject_key_identifier.is_none(),
                code::MISSING_SUBJECT_KEY_IDENTIFIER,
            ),
            (!is_version_3 && facts.has_extensions, code::EXTENSIONS_REQUIRE_VERSION_3),
        ];
        for (broken, code) in rules {
            if broken {
                self.fail(code, depth);
            }
        }
    }

    /// OpenSSL's `X509_check_purpose`; malformed extensions fit every purpose unless X509_STRICT is set.
    fn is_fit(&self, facts: &Facts, must_be_authority: bool) -> bool {
        const NETSCAPE_CLIENT: u8 = 0x80;
        const NETSCAPE_SERVER: u8 = 0x40;
        const NETSCAPE_CA: u8 = 0x04;
        if facts.invalid {
            return !self.strict;
        }
        let (is_usage, usages, netscape) = match self.request.purpose {
            Purpose::Any => return true,
            Purpose::Server => (
                facts.extended_key_usage.is_none_or(|usage| usage.server || usage.gated),
                key_usage::DIGITAL_SIGNATURE
                    | key_usage::KEY_ENCIPHERMENT
                    | key_usage::KEY_AGREEMENT,
                NETSCAPE_SERVER,
            ),
            Purpose::Client => (
                facts.extended_key_usage.is_none_or(|usage| usage.client),
                key_usage::DIGITAL_SIGNATURE | key_usage::KEY_AGREEMENT,
                NETSCAPE_CLIENT,
            ),
        };
        let allows = |bits| facts.netscape.is_none_or(|netscape| netscape & bits != 0);
        if !is_usage {
            return false;
        }
        if must_be_authority {
            return match facts.authority_kind() {
                0 => false,
                5 => allows(NETSCAPE_CA),
                _ => true,
            };
        }
        !facts.lacks_usage(usages) && allows(netscape)
    }

    /// The security level: keys of issuers, digests of all but the anchor.
    fn check_levels(&mut self) {
        let Some(wanted) = self.strength() else { return };
        let length = self.chain.len();
        for (depth, node) in self.chain.clone().into_iter().enumerate() {
            if depth > 0 && !self.is_strong_enough(&node) {
                self.fail(code::CA_KEY_TOO_SMALL, depth);
            }
            let strength = node.facts.signature_strength;
            if depth + 1 < length && strength.is_none_or(|strength| strength < wanted) {
                self.fail(code::CA_MD_TOO_WEAK, depth);
            }
        }
    }

    fn is_strong_enough(&self, node: &Node<'_>) -> bool {
        self.strength()
            .is_none_or(|wanted| node.facts.key.is_some_and(|key| key.strength >= wanted))
    }

    /// Security in bits that the level asks for.
    fn strength(&self) -> Option<u16> {
        match self.request.level {
            0 => None,
            1 => Some(80),
            _ => Some(112),
        }
    }

    /// The name, where X509_VERIFY_PARAM checks it.
    fn check_name(&mut self) {
        let Some(name) = self.request.name else { return };
        if self.traffic_server().is_some() {
            return;
        }
        let leaf = self.leaf.certificate;
        let wildcards =
            if self.strict { HostFlags::NO_PARTIAL_WILDCARDS } else { HostFlags::default() };
        let (matches, code) = match name {
            ReferenceName::Dns(host) => {
                (name_check::openssl_host_flags(leaf, host, wildcards), code::HOSTNAME_MISMATCH)
            }
            ReferenceName::Email(mailbox) => {
                (name_check::openssl_email(leaf, mailbox), code::EMAIL_MISMATCH)
            }
            ReferenceName::Ip(address) => {
                (name_check::openssl_ip(leaf, *address), code::IP_ADDRESS_MISMATCH)
            }
        };
        if !matches {
            self.fail(code, 0);
        }
    }

    /// Signatures and times, from the top down (OpenSSL's `internal_verify`).
    fn check_signatures(&mut self) -> Result<(), Stop> {
        let top = self.top();
        let last = self.chain.len() - 1;
        let is_self_issued = top.facts.likely_issued(&top.facts, self.generation).is_ok();
        let mut start = last;
        self.depth = last;
        if !is_self_issued && !self.strict {
            match last.checked_sub(1) {
                Some(below) => start = below,
                None => self.fail(code::UNABLE_TO_VERIFY_LEAF_SIGNATURE, 0),
            }
        }
        for depth in (0..=start).rev() {
            let Some(subject) = self.chain.get(depth).cloned() else { continue };
            if let Some(issuer) = self.chain.get(depth + 1).cloned() {
                self.check_signature(&subject, &issuer, depth)?;
            }
            self.check_time(&subject, depth);
            self.pass(depth);
        }
        Ok(())
    }

    fn check_signature(
        &mut self,
        subject: &Node<'a>,
        issuer: &Node<'a>,
        depth: usize,
    ) -> Result<(), Stop> {
        if let Err(code) = issuer.facts.signing_allowed(&subject.facts) {
            self.fail(code, depth + 1);
        }
        if issuer.facts.key.is_none() {
            self.fail(code::UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, depth + 1);
            return Ok(());
        }
        self.spend_signature()?;
        let signer = issuer.certificate;
        match self.cache.verify(subject.certificate, signer, issuer.facts.key_digest) {
            Signed::Yes => return Ok(()),
            Signed::No => {}
            Signed::Unsupported => self.unsupported.push(u32::try_from(depth).unwrap_or(u32::MAX)),
        }
        self.fail(code::CERT_SIGNATURE_FAILURE, depth);
        Ok(())
    }

    fn check_time(&mut self, node: &Node<'_>, depth: usize) {
        let Some(now) = self.request.at else { return };
        match node.certificate.not_before {
            Time::Unreadable(_) => self.fail(code::ERROR_IN_CERT_NOT_BEFORE_FIELD, depth),
            Time::At(start) if start > now => self.fail(code::CERT_NOT_YET_VALID, depth),
            Time::At(_) => {}
        }
        match node.certificate.not_after {
            Time::Unreadable(_) => self.fail(code::ERROR_IN_CERT_NOT_AFTER_FIELD, depth),
            // The last second counts as expired.
            Time::At(end) if end <= now => self.fail(code::CERT_HAS_EXPIRED, depth),
            Time::At(_) => {}
        }
    }

    /// Every certificate against the constraints of all above it, the anchor included, from the top down.
    fn check_all_name_constraints(&mut self) -> Result<(), Stop> {
        let chain = self.chain.clone();
        for (depth, node) in chain.iter().enumerate().rev() {
            if depth > 0 && node.facts.self_issued {
                continue;
            }
            if node.facts.proxy.is_some() && !name_constraints::is_proxy_name(node.certificate) {
                self.fail(code::PROXY_SUBJECT_NAME_VIOLATION, depth);
            }
            for above in chain.iter().skip(depth + 1).rev() {
                let Some(constraints) = &above.facts.name_constraints else { continue };
                self.spend(name_constraints::cost(&node.facts, constraints))?;
                let checked = name_constraints::check(
                    node.certificate,
                    &node.facts,
                    constraints,
                    depth == 0,
                    self.generation,
                );
                if let Err(code) = checked {
                    self.fail(code, depth);
                }
            }
        }
        Ok(())
    }

    pub(super) fn top(&self) -> Node<'a> {
        self.chain.last().unwrap_or(&self.leaf).clone()
    }

    pub(super) fn push(&mut self, node: Node<'a>) {
        self.in_chain.insert(node.facts.digest);
        self.chain.push(node);
    }

    /// An error: the callback is told and lets it pass. 1.1.1 sees its own number.
    pub(super) fn fail(&mut self, code: u32, depth: usize) {
        self.error = code;
        self.depth = depth;
        self.event(false, depth);
    }

    fn pass(&mut self, depth: usize) {
        self.depth = depth;
        self.event(true, depth);
        if depth == 0 {
            self.check_traffic_server_name();
        }
    }

    fn event(&mut self, ok: bool, depth: usize) {
        let code = number(self.generation, self.error);
        self.events.push(Event { ok, code, depth: u32::try_from(depth).unwrap_or(u32::MAX) });
    }

    /// An error inside OpenSSL: it ends without telling the callback.
    pub(super) fn internal_error(&mut self) -> Stop {
        let depth = u32::try_from(self.depth).unwrap_or(u32::MAX);
        let failure = self.failure(code::UNSPECIFIED, depth);
        self.silent.push(failure);
        Stop
    }

    /// Counts looks at certificates and names.
    pub(super) fn spend(&mut self, work: usize) -> Result<(), Stop> {
        self.work = self.work.saturating_add(work);
        if self.work > limits::CHAIN_WORK { Err(self.exhaust()) } else { Ok(()) }
    }

    /// Counts signatures.
    pub(super) fn spend_signature(&mut self) -> Result<(), Stop> {
        if self.signatures >= limits::CHAIN_SIGNATURES {
            return Err(self.exhaust());
        }
        self.signatures += 1;
        Ok(())
    }

    fn exhaust(&mut self) -> Stop {
        self.exhausted = true;
        self.internal_error()
    }

    fn failure(&self, code: u32, depth: u32) -> Failure {
        self.failure_as_numbered(number(self.generation, code), depth)
    }

    fn failure_as_numbered(&self, code: u32, depth: u32) -> Failure {
        Failure { code, depth, text: self.request.profile.text(code).into() }
    }

    fn traffic_server(&self) -> Option<TrafficServerVersion> {
        match self.request.profile {
            Profile::TrafficServer8 => Some(TrafficServerVersion::V8_1),
            Profile::TrafficServer9 => Some(TrafficServerVersion::V9_2),
            Profile::OpenSsl111 | Profile::OpenSsl30 | Profile::OpenSsl30Strict => None,
        }
    }

    /// Traffic Server compares the name itself, in the callback for the leaf, by its own rules; an address is
    /// compared as text.
    fn check_traffic_server_name(&mut self) {
        let (Some(name), Some(version)) = (self.request.name, self.traffic_server()) else {
            return;
        };
        let text = match name {
            ReferenceName::Dns(text) | ReferenceName::Email(text) => text.clone(),
            ReferenceName::Ip(address) => address.to_string(),
        };
        if !name_check::traffic_server(self.leaf.certificate, &text, version).accepted() {
            self.silent.push(Failure {
                code: code::HOSTNAME_MISMATCH,
                depth: 0,
                text: format!("SNI ({text}) not in certificate").into(),
            });
        }
    }
}
