//! Makes the report: facts and outcomes in, plain data out.

use crate::bytes::{hex, serial_hex};
use crate::capture::Timestamp;
use crate::evidence::facts::{Facts, KeyFacts, ListFacts, SignedFacts, StoreFacts, TextFacts};
use crate::evidence::timeline::{Happening, Micros, Timeline};
use crate::findings::{Arguments, Check, Found, Outcome, causes};
use crate::i18n::{Messages, Words};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::{
    Capture, Decryption, DecryptionStatus, Evidence, Finding, Input, Log, PrivateKey, Problem,
    Record, Report, SCHEMA, Severity, SignedFile, Signer, SkipOutcome, Skipped, Store,
    TimelineEvent, Tool, TrustList, UnknownElement, Verdict, Verification, VerificationStatus,
};
use crate::report::story::{self, Draft, Links, Names, Things};
use crate::report::{captures, origins};
use crate::sgn::verify::{self as sgn_verify, Place, Reason, Verdict as SignedVerdict};
use crate::text::Format;
use crate::time::UnixTime;
use crate::tlv::field::{Problems, Unknown};
use crate::tlv::header::SignedHeader;
use crate::trustlist::record::Record as ListRecord;
use crate::trustlist::role::Role;
use crate::trustlist::verify::{self, Missing};
use crate::x509::{Certificate, Protection};

/// What a scope ([`crate::session::scope`]) reports beyond lists, signed files, configurations and the certificates in them.
#[derive(Debug)]
pub struct Sections {
    /// Fills in what else there is, but captures.
    rest: fn(&Derived<'_>, &mut Report),
    captures: fn(&Derived<'_>) -> Vec<Capture>,
    self_signed: fn(&Certificate) -> bool,
    /// Adds what captures and logs tell of names that mean one thing.
    names: fn(&mut Names<'_, '_>),
    links: Links,
    /// Says what to do about findings of this severity, and where it is described.
    advises: fn(Severity) -> bool,
}

impl Sections {
    /// All.
    pub const WHOLE: Self = Self {
        rest,
        captures: |facts| {
            let seen = facts.captures_with_boots();
            seen.map(|(seen, boots)| captures::capture(seen, boots)).collect()
        },
        self_signed: Certificate::self_signed,
        names: |names| names.join_events(),
        links: Links { agree: causes::agree, happened: causes::happened },
        advises: |_| true,
    };

    /// Nothing beyond them.
    pub const LISTS: Self = Self {
        rest: |_, _| {},
        captures: |_| Vec::new(),
        self_signed: Certificate::self_signed_usual,
        names: |_| {},
        links: Links { agree: |_, _, _, _| true, happened: |_| false },
        advises: |_| true,
    };

    /// The same findings, without what is reported beyond lists, signed files, configurations and certificates, without the check
    /// of certificates' own signatures, and without advice on what is less than a warning.
    pub const fn brief(&self) -> Self {
        Self {
            rest: |_, _| {},
            captures: |_| Vec::new(),
            self_signed: |_| false,
            advises: |severity| matches!(severity, Severity::Error | Severity::Warning),
            ..*self
        }
    }

    /// The same without captures.
    pub const fn without_captures(&self) -> Self {
        Self { captures: |_| Vec::new(), ..*self }
    }
}

/// The report on `facts`, with the texts of `messages`.
pub fn report(
    facts: &Derived<'_>,
    outcomes: Vec<(&'static Check, Outcome)>,
    messages: &Messages,
    sections: &Sections,
) -> Report {
    let things = Things::of(facts, sections.names);
    let mut drafts = Vec::new();
    let mut skipped = Vec::new();
    // Nothing that could be read is no reason to say that all is well.
    let mut inconclusive = facts.inputs.is_empty();
    for (check, outcome) in outcomes {
        match outcome {
            Outcome::Clear => {}
            Outcome::Found(found) => {
                for found in found.into_iter().take(limits::FINDINGS_PER_CODE) {
                    let about = things.about(&found);
                    let Found { severity, arguments, evidence } = found;
                    let words = messages.with(&arguments);
                    let mut finding = finding(check, severity, evidence, &words, messages);
                    if (sections.advises)(severity) {
                        advise(&mut finding, check, &words);
                    }
                    drafts.push(Draft::new(finding, arguments, &about, &things));
                }
            }
            Outcome::NotApplicable => {
                let needs = messages.attribute(check.code, "needs", &Arguments::new());
                skipped.push(Skipped {
                    code: check.code.to_owned(),
                    outcome: SkipOutcome::NotApplicable,
                    needs: needs.unwrap_or_default(),
                });
            }
            Outcome::NotEnoughEvidence(arguments) => {
                inconclusive = true;
                let needs = messages
                    .attribute(check.code, "missing", &arguments)
                    .or_else(|| messages.attribute(check.code, "needs", &arguments));
                skipped.push(Skipped {
                    code: check.code.to_owned(),
                    outcome: SkipOutcome::NotEnoughEvidence,
                    needs: needs.unwrap_or_default(),
                });
            }
        }
    }
    let (mut findings, causes) = story::tell(drafts, things.one_phone, sections.links, messages);
    for evidence in findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        evidence.text = evidence.line.and_then(|line| facts.line(evidence.input, line));
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let verdict = match (errors, inconclusive, warnings) {
        (1.., _, _) => Verdict::Fail,
        (0, true, _) => Verdict::Inconclusive,
        (0, false, 1..) => Verdict::Warn,
        (0, false, 0) => Verdict::Pass,
    };
    let mut report = Report {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "tlvet".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        now: facts.now.to_string(),
        redacted: false,
        summary: story::summary(verdict, (errors, warnings), causes, &skipped, facts, messages),
        inputs: inputs(facts),
        trust_lists: facts.trust_lists.iter().map(trust_list).collect(),
        signed_files: facts.signed_files.iter().map(signed_file).collect(),
        configurations: facts
            .configurations
            .iter()
            .map(|configuration| configuration.configuration.to_report(configuration.input))
            .collect(),
        certificates: facts
            .certificates
            .values()
            .map(|facts| {
                let self_signed = (sections.self_signed)(facts.certificate);
                facts.certificate.to_report_with(facts.seen_in.clone(), self_signed)
            })
            .collect(),
        certificate_requests: Vec::new(),
        revocation_lists: Vec::new(),
        private_keys: Vec::new(),
        stores: Vec::new(),
        chains: Vec::new(),
        forecast: Vec::new(),
        captures: (sections.captures)(facts),
        logs: Vec::new(),
        timeline: Vec::new(),
        timeline_left_out: 0,
        findings,
        skipped,
    };
    (sections.rest)(facts, &mut report);
    report
}

/// What only the whole scope has.
fn rest(facts: &Derived<'_>, report: &mut Report) {
    let requests = facts.requests.iter().map(|request| {
        let same = request.certificates.iter().map(|digest| hex(digest)).collect();
        request.request.to_report(request.input, request.offset, same)
    });
    report.certificate_requests = requests.collect();
    let lists = facts.revocation_lists.iter();
    report.revocation_lists =
        lists.map(|list| list.list.to_report(list.input, list.offset)).collect();
    report.private_keys = facts.private_keys.iter().map(private_key).collect();
    report.stores = facts.stores.iter().map(store).collect();
    report.chains = origins::chains(facts);
    report.forecast = origins::forecast(facts);
    report.logs = logs(facts);
    let Timeline { events, left_out } = Timeline::of(facts, facts.clocks());
    report.timeline = events.into_iter().map(timeline_event).collect();
    report.timeline_left_out = left_out;
}

fn timeline_event(happening: Happening) -> TimelineEvent {
    let time = match (happening.at, happening.printed) {
        (Some(at), _) => micros_text(at),
        (None, Some(stamp)) => stamp.to_string(),
        (None, None) => String::new(),
    };
    TimelineEvent {
        time,
        input: happening.place.input,
        line: happening.place.line,
        frame: happening.place.frame,
        event: happening.kind.to_owned(),
        text: happening.text,
        device: happening.device,
        server: happening.server,
        severity: happening.severity,
    }
}

/// RFC 3339 in UTC with microseconds, as times of captures are printed.
fn micros_text(at: Micros) -> String {
    let nanoseconds = u32::try_from(at.rem_euclid(1_000_000) * 1_000).unwrap_or_default();
    Timestamp { seconds: at.div_euclid(1_000_000), nanoseconds }.to_string()
}

fn private_key(facts: &KeyFacts<'_>) -> PrivateKey {
    PrivateKey {
        input: facts.input,
        offset: facts.offset,
        r#type: facts.key.kind.clone(),
        bits: facts.key.bits,
        protection: facts.key.protection.to_report(),
        certificates: facts.certificates.iter().map(|digest| hex(digest)).collect(),
    }
}

fn store(facts: &StoreFacts<'_>) -> Store {
    let store = facts.store;
    let (status, reason) = match (&store.protection, &store.mac) {
        (Protection::NeedsPassword, _) => {
            (VerificationStatus::Unverifiable, "a password is needed to open it".to_owned())
        }
        (Protection::Unsupported(what), _) => {
            (VerificationStatus::Unverifiable, format!("it cannot be opened here: {what}"))
        }
        (Protection::WrongPassword, _) => (
            VerificationStatus::Unverifiable,
            "none of the passwords that were given opens it, or it was changed".to_owned(),
        ),
        (Protection::Clear | Protection::Opened, None) => (
            VerificationStatus::Unverifiable,
            "it has no MAC: nothing tells whether it was changed".to_owned(),
        ),
        (Protection::Clear, Some(_)) => {
            (VerificationStatus::Verified, "the MAC holds with the empty password".to_owned())
        }
        (Protection::Opened, Some(_)) => {
            (VerificationStatus::Verified, "the MAC holds with the password".to_owned())
        }
    };
    Store {
        input: facts.input,
        offset: facts.offset,
        protection: store.protection.to_report(),
        encryption: store.encryption.clone(),
        mac: store.mac.clone(),
        verification: Verification { status, by: None, role: None, reason },
        certificates: facts.certificates,
        keys: facts.keys,
    }
}

/// A sentence that a value such as "a phone" begins; names keep their letters.
pub(super) fn begin(text: String) -> String {
    let articles = ["a ", "an ", "the "];
    if !articles.iter().any(|article| text.starts_with(article)) {
        return text;
    }
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn finding(
    check: &Check,
    severity: Severity,
    mut evidence: Vec<Evidence>,
    words: &Words<'_>,
    messages: &Messages,
) -> Finding {
    let text = words.text(check.code);
    let more = evidence.len().saturating_sub(limits::EVIDENCE_PER_FINDING);
    let mut detail = words.attribute(check.code, "detail").unwrap_or_default();
    if more > 0 {
        let arguments = Arguments::new().number("more", i64::try_from(more).unwrap_or(i64::MAX));
        detail.push(' ');
        detail.push_str(&messages.text("evidence-more", &arguments).unwrap_or_default());
    }
    evidence.truncate(limits::EVIDENCE_PER_FINDING);
    Finding {
        code: check.code.to_owned(),
        severity,
        title: text.map_or_else(|| check.code.to_owned(), begin),
        detail: begin(detail),
        remedy: Vec::new(),
        do_not: Vec::new(),
        evidence,
        about: Vec::new(),
        caused_by: Vec::new(),
        refs: Vec::new(),
    }
}

/// What to do about a finding, what not, and where it is described.
fn advise(finding: &mut Finding, check: &Check, words: &Words<'_>) {
    finding.remedy = words.list(check.code, "remedy");
    finding.do_not = words.list(check.code, "do-not");
    finding.refs = check.refs.iter().map(|reference| (*reference).to_owned()).collect();
}

fn logs(facts: &Facts<'_>) -> Vec<Log> {
    let formats = |one: &TextFacts<'_>| {
        let (input, lines) = (one.input, one.text.lines);
        let entry = move |(format, recognised): (&Format, &u64)| Log {
            input,
            format: format.name().to_owned(),
            lines,
            recognised: *recognised,
        };
        one.text.recognised.iter().map(entry).collect::<Vec<_>>()
    };
    facts.texts.iter().flat_map(formats).collect()
}

fn inputs(facts: &Facts<'_>) -> Vec<Input> {
    (0..)
        .zip(&facts.inputs)
        .map(|(id, artifact)| {
            let digests = artifact.digests.as_ref();
            Input {
                id,
                name: artifact.name.clone(),
                inside: facts.inside.get(id as usize).copied().flatten(),
                bytes: artifact.length,
                md5: digests.map(|all| hex(&all.md5)).unwrap_or_default(),
                sha1: digests.map(|all| hex(&all.sha1)).unwrap_or_default(),
                sha256: digests.map(|all| hex(&all.sha256)).unwrap_or_default(),
                kind: artifact.kind,
                role: artifact.role,
            }
        })
        .collect()
}

fn trust_list(facts: &ListFacts<'_>) -> TrustList {
    let list = facts.list;
    let header = &list.header;
    let signing = list.signing_record().map(|record| record.number);
    TrustList {
        input: facts.input,
        r#type: list.kind,
        version: version(header.version),
        signer_version: version(header.signer_version),
        header_length: header.header_length.map(u64::from),
        digest: digest_name(header),
        signature_bits: header.signature.as_ref().map(|block| block.len() as u64 * 8),
        filename: header.filename.as_ref().map(|text| text.text.clone()),
        timestamp: timestamp(header),
        signer: signer(header),
        unknown_elements: unknown(&header.unknown),
        records: list.records.iter().map(|entry| record(entry, signing)).collect(),
        verification: list_verification(&facts.outcome),
        problems: problems([&header.problems, &list.problems]),
    }
}

fn record(entry: &ListRecord, signing: Option<u32>) -> Record {
    Record {
        n: entry.number,
        offset: entry.offset,
        length: u64::from(entry.declared_length),
        role: entry.role.map(|role| role.0),
        function: entry.function(),
        dns_name: entry
            .dns_name
            .as_ref()
            .map(|text| text.text.trim().to_owned())
            .unwrap_or_default(),
        subject: entry.subject_text().to_owned(),
        issuer: entry.issuer_text().to_owned(),
        serial: entry.serial.as_deref().map(serial_hex),
        certificate: entry.certificate.as_ref().map(|own| hex(&own.digests.sha256)),
        cert_hash: entry.cert_hash.as_deref().map(hex),
        hash_algorithm: entry.cert_hash.as_ref().map(|hash| match hash.len() {
            // The code is `null` in lists of 11.x: the length tells (C18).
            20 => "sha1".to_owned(),
            32 => "sha256".to_owned(),
            64 => "sha512".to_owned(),
            length => format!("{length} bytes"),
        }),
        ip_address: entry.ip_address.map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")),
        key: entry.key().map(|key| key.to_report()),
        signed_this_file: signing == Some(entry.number),
        unknown_elements: unknown(&entry.unknown),
    }
}

fn signed_file(facts: &SignedFacts<'_>) -> SignedFile {
    let file = facts.file;
    let header = &file.header;
    SignedFile {
        input: facts.input,
        content: file.content,
        version: version(header.version),
        signer_version: version(header.signer_version),
        header_length: header.header_length.map(u64::from),
        body_length: file.body_length,
        filename: header.filename.as_ref().map(|text| text.text.clone()),
        timestamp: timestamp(header),
        signer: signer(header),
        digest: digest_name(header),
        signature_bits: header.signature.as_ref().map(|block| block.len() as u64 * 8),
        encrypted: header.encryption.is_some(),
        decryption: decryption(facts),
        verification: signed_verification(facts),
        unknown_elements: unknown(&header.unknown),
        problems: problems([&header.problems, &file.problems]),
    }
}

fn decryption(facts: &SignedFacts<'_>) -> Option<Decryption> {
    let encryption = facts.file.header.encryption.as_ref()?;
    let key_bits = encryption.wrapped_key_bits;
    Some(match &facts.decrypted {
        None => Decryption {
            status: DecryptionStatus::NoKey,
            key_bits,
            reason: "no private key was given; name the phone's with --key".to_owned(),
            text: None,
        },
        Some(Ok(decrypted)) => Decryption {
            status: DecryptionStatus::Decrypted,
            key_bits,
            reason: "the key fits, and the digest of the plain text in the header matches"
                .to_owned(),
            text: Some(decrypted.masked()),
        },
        Some(Err(failure)) => Decryption {
            status: DecryptionStatus::Failed,
            key_bits,
            reason: failure.to_string(),
            text: None,
        },
    })
}

/// The outcome of a signed file's signature, in words.
fn signed_verification(facts: &SignedFacts<'_>) -> Verification {
    let verdict: &SignedVerdict = &facts.verdict;
    let by = verdict.made_by.as_ref().map(|verified| hex(&verified.value().certificate));
    let place = verdict.places.iter().find_map(|place| match place {
        Place::Record { list, record, role: Some(role) } => Some((list, record, role)),
        _ => None,
    });
    match &verdict.outcome {
        sgn_verify::Outcome::Verified { role: Some(role) } => Verification {
            status: VerificationStatus::Verified,
            by,
            role: Some(role.function()),
            reason: match place {
                Some((list, record, _)) => format!(
                    "the signature verifies with the signer's certificate, which record {record} of input {list} names as {role}"
                ),
                None => format!("the signature verifies with a certificate that a trust list names as {role}"),
            },
        },
        sgn_verify::Outcome::Verified { role: None } => Verification {
            status: VerificationStatus::Verified,
            by,
            role: None,
            reason: "the signature verifies with the certificate that was given; no trust list names it, so a phone would have to ask TVS".to_owned(),
        },
        sgn_verify::Outcome::Failed(reason) => Verification {
            status: VerificationStatus::Failed,
            by,
            role: place.map(|(_, _, role)| role.function()),
            reason: match reason {
                Reason::Damaged(error) => format!("the file is damaged: {error}"),
                Reason::RoleUnfit(roles) => {
                    let roles: Vec<String> = roles.iter().map(|role| role.function()).collect();
                    format!(
                        "the signature is right, but the signer stands in the trust list only as {}, which does not sign files",
                        roles.join(" and ")
                    )
                }
                Reason::Signature(failure) => failure.to_string(),
                Reason::SubjectDiffers => {
                    "a certificate has the signer's issuer and serial, but another subject than the header names".to_owned()
                }
            },
        },
        sgn_verify::Outcome::Unverifiable(missing) => Verification {
            status: VerificationStatus::Unverifiable,
            by: None,
            role: None,
            reason: match missing {
                sgn_verify::Missing::FirmwareRule => {
                    "signed firmware: its signing rule is not public, so it is shown and never called verified".to_owned()
                }
                sgn_verify::Missing::Signer => {
                    "neither a trust list nor a certificate that was given names the signer; give the ITL, the CTL or the certificate".to_owned()
                }
                sgn_verify::Missing::SignerCertificate { list, record } => format!(
                    "record {record} of input {list} names the signer by hash only; give that certificate"
                ),
                sgn_verify::Missing::TooManyCandidates => {
                    "too many different certificates claim the signer's issuer and serial".to_owned()
                }
            },
        },
    }
}

/// The outcome of a trust list's own signature, in words.
fn list_verification(outcome: &verify::Outcome) -> Verification {
    match outcome {
        verify::Outcome::Verified(verified) => Verification {
            status: VerificationStatus::Verified,
            by: Some(hex(&verified.value().certificate)),
            role: Some(Role::SAST.function()),
            reason: match verified.value().record {
                Some(record) => {
                    format!("the signature verifies with the certificate of record {record}")
                }
                None => "the signature verifies".to_owned(),
            },
        },
        verify::Outcome::Failed(failure) => Verification {
            status: VerificationStatus::Failed,
            by: None,
            role: None,
            reason: failure.to_string(),
        },
        verify::Outcome::Unverifiable(Missing::File) => Verification {
            status: VerificationStatus::Unverifiable,
            by: None,
            role: None,
            reason: "this is a listing; give the file itself to have its signature checked"
                .to_owned(),
        },
        verify::Outcome::Unverifiable(Missing::SignerCertificate { record, hash }) => {
            Verification {
                status: VerificationStatus::Unverifiable,
                by: None,
                role: None,
                reason: format!(
                    "the signer's record {record} holds only the hash {} of its certificate; give that certificate",
                    hex(hash)
                ),
            }
        }
    }
}

fn version(version: Option<(u8, u8)>) -> Option<String> {
    version.map(|(major, minor)| format!("{major}.{minor}"))
}

fn timestamp(header: &SignedHeader) -> Option<String> {
    header.timestamp.map(|seconds| UnixTime(seconds.into()).to_string())
}

fn digest_name(header: &SignedHeader) -> Option<String> {
    header.digest_code.map(|code| match code {
        1 => "sha1".to_owned(),
        2 => "sha256".to_owned(),
        3 => "sha512".to_owned(),
        code => format!("unknown ({code})"),
    })
}

fn signer(header: &SignedHeader) -> Option<Signer> {
    let text = |text: &Option<crate::tlv::field::Text>| {
        text.as_ref().map(|text| text.text.clone()).unwrap_or_default()
    };
    if header.signer_name.is_none() && header.signer_serial.is_none() {
        return None;
    }
    Some(Signer {
        name: text(&header.signer_name),
        issuer: text(&header.signer_issuer),
        serial: header.signer_serial.as_deref().map(serial_hex).unwrap_or_default(),
    })
}

fn unknown(elements: &[Unknown]) -> Vec<UnknownElement> {
    elements
        .iter()
        .map(|element| UnknownElement {
            tag: element.tag,
            offset: element.offset,
            length: element.length,
            value: hex(&element.head),
        })
        .collect()
}

pub(super) fn problems<'a>(lists: impl IntoIterator<Item = &'a Problems>) -> Vec<Problem> {
    let mut all = Vec::new();
    for list in lists {
        all.extend(list.list.iter().map(|problem| Problem::from(&problem.error)));
        if list.more > 0 {
            let at = list.list.last().map_or(0, |problem| problem.error.at);
            let message = format!("{} more problems were not kept", list.more);
            all.push(Problem { at, field: "problems".to_owned(), message });
        }
    }
    all
}
