//! What is trusted, and whether a chain is: CA certificates, a trust list, pinned leaves.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tlvet_core::time::UnixTime;
use tlvet_core::trustlist::file::TrustList;
use tlvet_core::trustlist::record::Record;
use tlvet_core::trustlist::role::Role;
use tlvet_core::trustlist::verify::{self, Outcome};
use tlvet_core::x509::Certificate;
use tlvet_core::x509::chain::{self, Profile, Request, SignatureCache};

use crate::config::{Config, Host, Problem};
use crate::limits;

/// Roles of a trust list whose holder answers as a TLS server. The others sign lists (System Administrator Security
/// Token) or phone certificates (CAPF), which makes nobody an origin.
const SERVER_ROLES: [Role; 6] =
    [Role::CCM, Role::CCM_TFTP, Role::TFTP, Role::SRST, Role::HTTPS, Role::TVS];

/// What is wrong with a chain, as OpenSSL numbers and says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// X509_V_ERR number of the profile's OpenSSL.
    pub code: u32,
    /// Place in the chain; 0 is the origin's own certificate.
    pub depth: u32,
    /// X509_verify_cert_error_string of that version.
    pub text: String,
}

/// What is known of a chain, whatever name is asked for.
#[derive(Debug)]
pub(super) struct Judged {
    /// The origin's own certificate; `None` when it cannot be read.
    pub leaf: Option<Certificate>,
    /// Every fault once, in the order in which the product reports them. Empty: trusted.
    pub faults: Vec<Fault>,
    /// Seconds since 1970 from which, and before which, this holds: faults come and go with the dates of certificates.
    pub holds: (i64, i64),
    /// The name that was last looked for, and whether the leaf carries it.
    named: RefCell<Option<(Host, bool)>>,
}

impl Judged {
    /// Whether the leaf carries a name, which `check` tells. One answer is remembered: most origins have one name.
    pub(super) fn carries(&self, host: &Host, check: impl FnOnce(&Certificate) -> bool) -> bool {
        let Some(leaf) = &self.leaf else { return false };
        if let Ok(named) = self.named.try_borrow()
            && let Some((known, answer)) = named.as_ref()
            && known == host
        {
            return *answer;
        }
        let answer = check(leaf);
        if let Ok(mut named) = self.named.try_borrow_mut() {
            *named = Some((host.clone(), answer));
        }
        answer
    }
}

/// The trust section of a configuration, ready to be asked.
#[derive(Debug)]
pub(super) struct Trust {
    authorities: Vec<Certificate>,
    records: Vec<Record>,
    pins: BTreeSet<[u8; 32]>,
    profile: Profile,
    known: RefCell<Known>,
}

/// What was judged before.
#[derive(Debug, Default)]
struct Known {
    /// By the chain itself: to compare it is cheaper than to hash it.
    chains: BTreeMap<Vec<Vec<u8>>, Rc<Judged>>,
    signatures: SignatureCache,
    /// Chains that were judged since the signatures were last forgotten.
    judged: usize,
}

impl Trust {
    /// Reads certificates and verifies the trust list.
    ///
    /// # Errors
    /// What cannot be read, and a trust list whose own signature does not hold.
    pub(super) fn read(config: &Config) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut authorities = Vec::new();
        for (index, der) in config.trust.ca.iter().enumerate() {
            match Certificate::parse(der, 0) {
                Ok(certificate) => authorities.push(certificate),
                Err(error) => problems.push(Problem::new(
                    "trust.ca_pem",
                    format!("certificate {} cannot be read: {error}", index + 1),
                )),
            }
        }
        let records = match config.trust.trust_list.as_deref().map(verified_records) {
            None => Vec::new(),
            Some(Ok(records)) => records,
            Some(Err(message)) => {
                problems.push(Problem::new("trust.itl_base64", message));
                Vec::new()
            }
        };
        if !problems.is_empty() {
            problems.truncate(limits::PROBLEMS);
            return Err(problems);
        }
        Ok(Self {
            authorities,
            records,
            pins: config.trust.leaf_sha256.iter().copied().collect(),
            profile: config.profile.of_core(),
            known: RefCell::default(),
        })
    }

    /// Chains that are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.known.borrow().chains.len()
    }

    /// Nothing at all is trusted.
    pub(super) fn is_empty(&self) -> bool {
        self.authorities.is_empty() && self.records.is_empty() && self.pins.is_empty()
    }

    /// How much is trusted, for the line at start.
    pub(super) fn summary(&self) -> String {
        format!(
            "{} CA certificates, {} records of the trust list, {} pinned certificates",
            self.authorities.len(),
            self.records.len(),
            self.pins.len()
        )
    }

    /// Judges a chain (DER, the origin's own certificate first) at `now`.
    pub(super) fn judge(&self, chain: &[Vec<u8>], now: UnixTime) -> Rc<Judged> {
        // Nothing here is called while it is borrowed; if it were, nothing would be remembered.
        let Ok(mut known) = self.known.try_borrow_mut() else {
            return Rc::new(self.judge_anew(chain, now, &mut SignatureCache::new()));
        };
        if let Some(judged) = known.chains.get(chain)
            && (judged.holds.0..judged.holds.1).contains(&now.0)
        {
            return Rc::clone(judged);
        }
        if known.judged >= limits::CHAINS_KNOWN {
            *known = Known::default();
        }
        known.judged += 1;
        let judged = Rc::new(self.judge_anew(chain, now, &mut known.signatures));
        if chain.iter().map(Vec::len).sum::<usize>() <= limits::CHAIN_KNOWN_BYTES {
            known.chains.insert(chain.to_vec(), Rc::clone(&judged));
        }
        judged
    }

    fn judge_anew(&self, chain: &[Vec<u8>], now: UnixTime, cache: &mut SignatureCache) -> Judged {
        let unreadable = |depth: u32, text: String| Judged {
            leaf: None,
            faults: vec![Fault { code: 1, depth, text }],
            holds: (i64::MIN, i64::MAX),
            named: RefCell::default(),
        };
        let Some((leaf, rest)) = chain.split_first() else {
            return unreadable(0, self.profile.text(1).to_owned());
        };
        let leaf = match read(leaf) {
            Some(leaf) => leaf,
            None => return unreadable(0, self.profile.text(1).to_owned()),
        };
        let mut untrusted = Vec::new();
        for (depth, der) in (1_u32..).zip(rest) {
            match read(der) {
                Some(certificate) => untrusted.push(certificate),
                // OpenSSL ends the handshake over any certificate that it cannot load.
                None => return unreadable(depth, self.profile.text(1).to_owned()),
            }
        }
        if self.pins.contains(&leaf.digests.sha256)
            || self.records.iter().any(|record| record.names(&leaf))
        {
            // Trusted as it stands, by whoever named it: neither issuer nor dates matter.
            let holds = (i64::MIN, i64::MAX);
            return Judged {
                leaf: Some(leaf),
                faults: Vec::new(),
                holds,
                named: RefCell::default(),
            };
        }
        let untrusted: Vec<&Certificate> = untrusted.iter().collect();
        let trusted: Vec<&Certificate> = self.authorities.iter().collect();
        let request = Request {
            untrusted: &untrusted,
            trusted: &trusted,
            at: Some(now),
            profile: self.profile,
            ..Request::of(&leaf)
        };
        let judgement = chain::judge(&request, cache);
        let mut faults: Vec<Fault> = Vec::new();
        for event in judgement.events.iter().filter(|event| !event.ok) {
            let known = |fault: &Fault| (fault.code, fault.depth) == (event.code, event.depth);
            if !faults.iter().any(known) {
                faults.push(Fault {
                    code: event.code,
                    depth: event.depth,
                    text: self.profile.text(event.code).to_owned(),
                });
            }
        }
        if faults.is_empty() && !judgement.ok {
            // Errors that OpenSSL reports without a call of the callback.
            let (code, depth) =
                judgement.first.as_ref().map_or((1, 0), |first| (first.code, first.depth));
            faults.push(Fault { code, depth, text: self.profile.text(code).to_owned() });
        }
        let all =
            core::iter::once(&leaf).chain(untrusted.iter().copied()).chain(self.authorities.iter());
        let holds = window(all, now);
        Judged { leaf: Some(leaf), faults, holds, named: RefCell::default() }
    }
}

fn read(der: &[u8]) -> Option<Certificate> {
    Certificate::parse(der, 0).ok().filter(|certificate| certificate.trailing == 0)
}

/// The stretch of time around `now` in which no certificate begins or ends to be valid.
fn window<'a>(certificates: impl Iterator<Item = &'a Certificate>, now: UnixTime) -> (i64, i64) {
    let (mut from, mut until) = (i64::MIN, i64::MAX);
    for certificate in certificates {
        // Valid from notBefore on; OpenSSL takes notAfter itself for expired.
        for edge in [certificate.not_before.at(), certificate.not_after.at()].into_iter().flatten()
        {
            if edge.0 <= now.0 {
                from = from.max(edge.0);
            } else {
                until = until.min(edge.0);
            }
        }
    }
    (from, until)
}

/// The records of a list that stand for TLS servers, once its own signature was found to hold.
fn verified_records(bytes: &[u8]) -> Result<Vec<Record>, String> {
    let list = TrustList::read(bytes);
    match verify::verify(&list) {
        Outcome::Verified(_) => {}
        Outcome::Failed(failure) => return Err(format!("the list does not verify: {failure}")),
        Outcome::Unverifiable(_) => {
            return Err("the list does not verify: its signer stands in it by hash only".to_owned());
        }
    }
    let records: Vec<Record> = list
        .records
        .into_iter()
        .filter(|record| record.role.is_some_and(|role| SERVER_ROLES.contains(&role)))
        .collect();
    if records.is_empty() {
        return Err("no record of the list is for a server; needed: CCM, CCM+TFTP, TFTP, SRST, \
                    HTTPS or TVS"
            .to_owned());
    }
    Ok(records)
}
