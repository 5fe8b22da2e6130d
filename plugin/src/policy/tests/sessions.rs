use super::said::{self, Hello};
use super::*;
use crate::limits;

const DAY_MS: u64 = 86_400_000;

fn first(
    policy: &Rc<Policy>,
    desk: &Rc<Desk>,
    session: &[u8],
    ticket: &[u8],
    pem: &[&str],
) -> Wire {
    let mut wire = Wire::new(policy, desk);
    let hello = Hello { ticket: Some(&[]), ..Hello::default() };
    wire.client(&said::record(22, &said::client_hello(&hello)), false);
    wire.origin(&said::records(&said::flight(&chain(pem), session), 16_384), false);
    wire.client(&said::client_second_flight(), false);
    let mut second =
        if ticket.is_empty() { Vec::new() } else { said::records(&said::ticket(ticket), 50) };
    second.extend(said::change_cipher_spec());
    second.extend(said::record(22, &[0xbb; 40]));
    wire.origin(&second, false);
    desk.lines();
    wire
}

/// Resumes; gives the count.
fn resume(policy: &Rc<Policy>, desk: &Rc<Desk>, hello: &Hello<'_>, renewed: &[u8]) -> String {
    desk.counts.take();
    let mut wire = Wire::new(policy, desk);
    wire.client(&said::record(22, &said::client_hello(hello)), false);
    let mut flight = said::records(&said::server_hello(0xc02f, hello.session, false), 99);
    if !renewed.is_empty() {
        flight.extend(said::records(&said::ticket(renewed), 50));
    }
    flight.extend(said::change_cipher_spec());
    flight.extend(said::record(22, &[0xbb; 40]));
    flight.extend(said::application_data("0.5 round trips"));
    wire.origin(&flight, false);
    let counts = desk.counts.take();
    assert_eq!(counts.len(), 1, "{counts:?}");
    let count = counts
        .keys()
        .next()
        .unwrap()
        .trim_start_matches("tlvet_connections_total.result.")
        .to_owned();
    assert_eq!(wire.to_client == flight, !count.starts_with("refused"), "{count}");
    count
}

fn by_ticket(ticket: &[u8]) -> Hello<'_> {
    Hello { ticket: Some(ticket), session: &[1; 32], ..Hello::default() }
}

fn by_id(session: &[u8]) -> Hello<'_> {
    Hello { session, ticket: Some(&[]), ..Hello::default() }
}

#[test]
fn a_verified_session_is_resumed_and_no_other() {
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let desk = desk();
    first(&policy, &desk, &[5; 32], b"ticket one", &[LEAF, INTERMEDIATE]);
    assert_eq!(
        resume(&policy, &desk, &by_ticket(b"ticket one"), b""),
        "passed.reason.verified_before"
    );
    assert_eq!(resume(&policy, &desk, &by_id(&[5; 32]), b""), "passed.reason.verified_before");
    assert_eq!(resume(&policy, &desk, &by_ticket(b"ticket two"), b""), "refused.reason.resumption");
    assert_eq!(resume(&policy, &desk, &by_id(&[6; 32]), b""), "refused.reason.resumption");
    // A known identifier does not vouch for an unknown ticket.
    let both = Hello { session: &[5; 32], ticket: Some(b"ticket two"), ..Hello::default() };
    assert_eq!(resume(&policy, &desk, &both, b""), "refused.reason.resumption");
    let nothing = Hello::default();
    assert_eq!(resume(&policy, &desk, &nothing, b""), "refused.reason.resumption");
}

#[test]
fn a_session_is_one_origins_one_names_and_one_policys() {
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let desk = desk();
    first(&policy, &desk, &[5; 32], b"ticket one", &[LEAF, INTERMEDIATE]);
    let named = Hello { name: Some("imp.steven.lab"), ..by_ticket(b"ticket one") };
    assert_eq!(resume(&policy, &desk, &named, b""), "refused.reason.resumption");
    desk.knows("upstream.address", "10.48.36.216:8443");
    assert_eq!(resume(&policy, &desk, &by_ticket(b"ticket one"), b""), "refused.reason.resumption");
    desk.knows("upstream.address", "10.48.36.215:8443");
    let other = super::policy(&configuration("passthrough", "enforce", r#", "not_tls": "allow""#));
    assert_eq!(resume(&other, &desk, &by_ticket(b"ticket one"), b""), "refused.reason.resumption");
    // Another worker with the same policy knows it.
    let same = super::policy(&configuration("passthrough", "enforce", ""));
    assert_eq!(
        resume(&same, &desk, &by_ticket(b"ticket one"), b""),
        "passed.reason.verified_before"
    );
}

#[test]
fn without_an_address_nothing_is_remembered() {
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let desk = desk();
    desk.knows("upstream.address", "not an address");
    first(&policy, &desk, &[5; 32], b"ticket one", &[LEAF, INTERMEDIATE]);
    assert!(desk.shared.borrow().is_empty());
    assert_eq!(resume(&policy, &desk, &by_ticket(b"ticket one"), b""), "refused.reason.resumption");
}

#[test]
fn sessions_end_after_a_day_however_often_they_are_renewed() {
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let desk = desk();
    first(&policy, &desk, &[], b"ticket one", &[LEAF, INTERMEDIATE]);
    desk.elapsed.set(DAY_MS / 2);
    assert_eq!(
        resume(&policy, &desk, &by_ticket(b"ticket one"), b"renewed"),
        "passed.reason.verified_before"
    );
    desk.elapsed.set(DAY_MS - 1_000);
    assert_eq!(
        resume(&policy, &desk, &by_ticket(b"renewed"), b""),
        "passed.reason.verified_before"
    );
    desk.elapsed.set(DAY_MS);
    assert_eq!(resume(&policy, &desk, &by_ticket(b"renewed"), b""), "refused.reason.resumption");
}

#[test]
fn the_setting_decides() {
    let desk = desk();
    let deny = policy(&configuration("passthrough", "enforce", r#", "resumption": "deny""#));
    first(&deny, &desk, &[5; 32], b"ticket one", &[LEAF, INTERMEDIATE]);
    assert_eq!(resume(&deny, &desk, &by_ticket(b"ticket one"), b""), "refused.reason.resumption");
    let allow = policy(&configuration("passthrough", "enforce", r#", "resumption": "allow""#));
    assert_eq!(
        resume(&allow, &desk, &by_ticket(b"ticket one"), b""),
        "unchecked.reason.resumption"
    );
}

#[test]
fn monitor_remembers_the_fault_of_the_first_connection() {
    let policy = policy(&configuration("passthrough", "monitor", ""));
    let desk = desk();
    first(&policy, &desk, &[], b"ticket one", &[SELF_SIGNED]);
    assert_eq!(
        resume(&policy, &desk, &by_ticket(b"ticket one"), b""),
        "would_refuse.reason.self_signed"
    );
    assert_eq!(
        desk.lines(),
        [
            "WARNING: tlvet: origin not verified. Action=Continue Reason=self_signed server=cucm.steven.lab(10.48.36.215)"
        ]
    );
    assert_eq!(
        resume(&policy, &desk, &by_ticket(b"unknown"), b""),
        "would_refuse.reason.resumption"
    );
}

#[test]
fn the_table_is_bounded_and_shared_by_compare_and_set() {
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let desk = desk();
    desk.lost_races.set(2);
    first(&policy, &desk, &[], b"ticket one", &[LEAF, INTERMEDIATE]);
    assert_eq!(
        resume(&policy, &desk, &by_ticket(b"ticket one"), b""),
        "passed.reason.verified_before"
    );
    for n in 0..9_000_u32 {
        first(&policy, &desk, &[], &n.to_be_bytes(), &[LEAF, INTERMEDIATE]);
    }
    let shared = desk.shared.borrow();
    assert!(shared.len() <= usize::from(limits::SESSION_BUCKETS));
    assert!(shared.values().all(|(value, _)| value.len() <= limits::SESSIONS_PER_BUCKET * 41));
}

#[test]
fn a_damaged_table_knows_nothing() {
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let desk = desk();
    first(&policy, &desk, &[], b"ticket one", &[LEAF, INTERMEDIATE]);
    for (value, _) in desk.shared.borrow_mut().values_mut() {
        value.truncate(40);
    }
    assert_eq!(resume(&policy, &desk, &by_ticket(b"ticket one"), b""), "refused.reason.resumption");
}
