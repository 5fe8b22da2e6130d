//! Which certificate servers show an Expressway, by its cipher lists: RSA or ECDSA first (B25 to B29, B32).

use crate::evidence::expressway_settings::is_rsa_first;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "expressway_cipher_order",
    severity: Severity::Info,
    refs: &["B25", "B26", "B27", "B28", "B29", "B32"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let nodes = facts.expressways.iter().filter(|node| !node.ciphers.is_empty());
    let found: Vec<Found> = nodes
        .map(|node| {
            let of = |rsa: bool| {
                let lists =
                    node.ciphers.iter().filter(|(_, list)| is_rsa_first(&list.value) == rsa);
                lists.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
            };
            let case = match node.rsa_first() {
                Some(true) => "rsa-first",
                Some(false) => "ecdsa-first",
                None => "mixed",
            };
            let arguments = Arguments::new()
                .text("case", case)
                .text("node", if node.name.is_empty() { "none" } else { node.name.as_str() })
                .text("rsa", of(true))
                .text("ecdsa", of(false));
            let at = node.ciphers.values().map(|list| list.at.clone()).collect();
            Found::at_all(Severity::Info, at, arguments)
        })
        .collect();
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}
