use std::rc::Rc;

use super::*;

fn problems(json: &str) -> Vec<String> {
    Policy::read(json.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn mode_off_passes_in_every_role() {
    for role in ["passthrough", "tcp", "http", "upstream-http"] {
        let policy =
            Policy::read(format!(r#"{{"role": "{role}", "mode": "off"}}"#).as_bytes()).unwrap();
        assert_eq!(
            policy.announcement(),
            format!("role {role}, mode off: traffic passes, nothing is verified")
        );
        let policy = Some(Rc::new(policy));
        let mut connection = Connection::new(policy.clone());
        assert_eq!(connection.opened(), Step::Pass);
        assert_eq!(connection.data(), Step::Pass);
        assert_eq!(Exchange::new(policy).request(), Step::Pass);
    }
}

#[test]
fn modes_that_are_not_built_are_refused() {
    assert_eq!(
        problems(r#"{"role": "tcp", "mode": "enforce"}"#),
        ["mode: \"enforce\" stands there; this build passes traffic only in mode off"]
    );
    assert_eq!(
        problems(r#"{"role": "tcp", "mode": "monitor"}"#),
        ["mode: \"monitor\" stands there; this build passes traffic only in mode off"]
    );
    assert_eq!(
        problems("{}"),
        [
            "role: is missing; allowed: passthrough, tcp, http, upstream-http",
            "mode: nothing stands there, which means monitor; this build passes traffic only in mode off",
        ]
    );
}

#[test]
fn without_a_policy_everything_is_refused() {
    let mut connection = Connection::new(None);
    assert_eq!(connection.opened(), Step::Refuse);
    assert_eq!(connection.data(), Step::Refuse);
    assert_eq!(Exchange::new(None).request(), Step::Refuse);
}
