use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::super::Target;
use super::*;
use crate::policy::Reason;

fn read(allow: &str, path: &str) -> Result<String, Reason> {
    let policy = policy(&format!(
        r#"{{"role": "http", "mode": "enforce", "name": {{"from": "mra-path"}}, "allow": [{allow}]}}"#
    ));
    let target = Target::read(path.as_bytes()).ok_or(Reason::BadName)?;
    if !target.is_allowed(policy.config()) {
        return Err(Reason::Destination);
    }
    Ok(format!("{} {} {}", target.domain, target.authority(), target.path))
}

fn path(text: &str) -> String {
    format!("/{}/rest?a=/b", STANDARD_NO_PAD.encode(text))
}

#[test]
fn the_path_of_the_field_notice_leads_to_its_server() {
    assert_eq!(
        read(
            r#""10.48.36.0/24:8443""#,
            "/c3RldmVuLmxhYi9odHRwcy8xMC40OC4zNi4yMTUvODQ0Mw/cucm-uds/clusterUser?username=x"
        ),
        Ok("steven.lab 10.48.36.215:8443 /cucm-uds/clusterUser?username=x".to_owned())
    );
    assert_eq!(
        read(r#""*.steven.lab:6972""#, &path("steven.lab/https/CUCM.steven.lab/6972")),
        Ok("steven.lab cucm.steven.lab:6972 /rest?a=/b".to_owned())
    );
    assert_eq!(
        read(r#""[2001:db8::/32]:8443""#, &path("steven.lab/https/2001:db8::1/8443")),
        Ok("steven.lab [2001:db8::1]:8443 /rest?a=/b".to_owned())
    );
}

#[test]
fn everything_else_leads_nowhere() {
    let everywhere = r#""0.0.0.0/0:8443", "[::/0]:8443", "*.steven.lab:8443", "localhost:8443""#;
    let good = "steven.lab/https/10.48.36.215/8443";
    let code = STANDARD_NO_PAD.encode(good);
    assert!(read(everywhere, &format!("/{code}/")).is_ok());
    for bad in [
        String::new(),
        "/".to_owned(),
        format!("/{code}"),
        format!("//{code}/"),
        format!("{code}/"),
        format!("/{code}=/"),
        format!("/{code}==/"),
        format!("/%63{}/", &code[1..]),
        format!("/./{code}/"),
        format!("/{}!/", &code[..code.len() - 1]),
        // Spare bits that another decoder ignores.
        format!("/{}N/", &code[..code.len() - 1]),
    ] {
        assert_eq!(read(everywhere, &bad), Err(Reason::BadName), "{bad}");
    }
    for bad in [
        "steven.lab/http/10.48.36.215/8443",
        "steven.lab/HTTPS/10.48.36.215/8443",
        "steven.lab/file/10.48.36.215/8443",
        "steven.lab/https/10.48.36.215/08443",
        "steven.lab/https/10.48.36.215/+8443",
        "steven.lab/https/10.48.36.215/8443/",
        "steven.lab/https/10.48.36.215",
        "steven.lab/https/10.48.36.215/65536",
        "steven.lab/https//8443",
        "steven.lab/https/0x7f000001/8443",
        "steven.lab/https/2130706433/8443",
        "steven.lab/https/127.1/8443",
        "steven.lab/https/010.48.36.215/8443",
        "steven.lab/https/user@10.48.36.215/8443",
        "steven.lab/https/10.48.36.215#/8443",
        "steven.lab/https/[::1]/8443",
        "steven.lab/https/cucm.steven.lab\r\nx: y/8443",
        "/https/10.48.36.215/8443",
    ] {
        assert_eq!(read(everywhere, &path(bad)), Err(Reason::BadName), "{bad}");
    }
}

#[test]
fn this_machine_and_its_link_are_allowed_by_name_only() {
    let to = |host: &str| path(&format!("steven.lab/https/{host}/8443"));
    let everywhere =
        r#""0.0.0.0/0:8443", "[::/0]:8443", "[::ffff:0:0/96]:8443", "[64:ff9b::/96]:8443""#;
    assert!(read(everywhere, &to("10.48.36.215")).is_ok());
    assert!(read(everywhere, &to("2001:db8::1")).is_ok());
    for host in [
        "127.0.0.1",
        "127.255.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "::127.0.0.1",
        "2002:7f00:1::",
    ] {
        assert_eq!(read(everywhere, &to(host)), Err(Reason::Destination), "{host}");
    }
    assert!(read(r#""127.0.0.0/8:8443""#, &to("127.0.0.1")).is_ok());
    assert!(read(r#""127.0.0.1:8443""#, &to("127.0.0.1")).is_ok());
    assert!(read(r#""[::1]:8443""#, &to("::1")).is_ok());
    assert!(read(r#""[::ffff:127.0.0.1]:8443""#, &to("::ffff:127.0.0.1")).is_ok());
    assert_eq!(read(r#""127.0.0.1:8443""#, &to("127.0.0.2")), Err(Reason::Destination));
    assert_eq!(read(r#""10.48.36.0/24:8444""#, &to("10.48.36.215")), Err(Reason::Destination));
    assert_eq!(read(r#""*.steven.lab:8443""#, &to("a.b.steven.lab")), Err(Reason::Destination));
    assert_eq!(read(r#""*.steven.lab:8443""#, &to("localhost")), Err(Reason::Destination));
}
