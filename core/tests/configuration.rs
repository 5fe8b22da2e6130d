//! Phone configurations: what is read from them, and what is never shown.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use tlvet_core::error::{ErrorKind, ParseError};
use tlvet_core::limits;
use tlvet_core::sgn::configuration::{
    CallManager, Configuration, ConfigurationKind, Server, looks_like_configuration, masked,
};

/// The shape of a file that CUCM writes, its undeclared prefix included; own values.
const PHONE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<device  xsi:type="axl:XIPPhone" ctiid="548" uuid="{00000000-0000-0000-0000-000000000000}">
<fullConfig>true</fullConfig>
<deviceProtocol>SIP</deviceProtocol>
<sshUserId>admin</sshUserId>
<sshPassword>hunter2</sshPassword>
<devicePool  uuid="{00000000-0000-0000-0000-000000000000}">
<name>Pool é</name>
<callManagerGroup>
<name>Group</name>
<members>
<member  priority="1"><callManager><name>cucm-pub</name><ports><ethernetPhonePort>2000</ethernetPhonePort><sipPort>5060</sipPort><securedSipPort>5061</securedSipPort></ports><processNodeName></processNodeName></callManager></member>
<member  priority="0"><callManager><name>cucm-sub</name><ports><ethernetPhonePort>2000</ethernetPhonePort><sipPort>5060</sipPort><securedSipPort>5061</securedSipPort></ports><processNodeName>192.0.2.2</processNodeName></callManager></member>
</members>
</callManagerGroup>
</devicePool>
<TVS><members>
<member  priority="1"><port>2445</port><address>192.0.2.1</address></member>
<member  priority="0"><port></port><address>192.0.2.2</address></member>
<member  priority="2"><port>2445</port><address></address></member>
</members></TVS>
<commonProfile><phonePassword></phonePassword></commonProfile>
<loadInformation>sip88xx.14-2-1-0001-14</loadInformation>
<vendorConfig><adminPassword>&lt;x&gt;</adminPassword></vendorConfig>
<deviceSecurityMode>3</deviceSecurityMode>
<authenticationURL>http://cucm-pub:8080/ccmcip/authenticate.jsp</authenticationURL>
<servicesURL></servicesURL>
<secureAuthenticationURL>https://user:pass@cucm-pub:8443/ccmcip/authenticate.jsp</secureAuthenticationURL>
<capfAuthMode>2</capfAuthMode>
<capfList><capf><phonePort>3804</phonePort><processNodeName>192.0.2.1</processNodeName></capf></capfList>
<certHash>00112233445566778899aabbccddeeff</certHash>
<encrConfig>true</encrConfig>
<userId  serviceProfileFile="SPDefault.cnf.xml">alice</userId>
<phoneServices><phoneService><name>Missed</name><url>Application:Cisco/MissedCalls</url></phoneService><phoneService><url>http://h/e?device=#DEVICENAME#&amp;pin=1234</url></phoneService></phoneServices>
</device>
"#;

fn problem(at: u64, field: &str, message: &str) -> ParseError {
    ParseError::new(at, field, ErrorKind::BadValue { message: message.to_owned() })
}

#[test]
fn reads_the_shape_that_cucm_writes() {
    let configuration = Configuration::read(PHONE.as_bytes(), 440).unwrap();
    assert_eq!(configuration.kind, ConfigurationKind::Device);
    assert_eq!(configuration.protocol.as_deref(), Some("SIP"));
    assert_eq!(configuration.load.as_deref(), Some("sip88xx.14-2-1-0001-14"));
    assert_eq!(configuration.full_config, Some(true));
    assert_eq!(configuration.encrypted_config, Some(true));
    assert_eq!(configuration.security_mode, Some(3));
    assert_eq!(configuration.certificate_hash.as_deref(), Some("00112233445566778899aabbccddeeff"));
    assert_eq!(configuration.capf_auth_mode.as_deref(), Some("2"));
    let manager = |name: &str, priority| CallManager {
        name: name.to_owned(),
        priority,
        sccp_port: Some(2000),
        sip_port: Some(5060),
        secured_sip_port: Some(5061),
    };
    assert_eq!(configuration.call_managers, vec![manager("192.0.2.2", 0), manager("cucm-pub", 1)]);
    let server = |name: &str, port| Server { name: name.to_owned(), port };
    assert_eq!(
        configuration.tvs_servers,
        vec![server("192.0.2.2", None), server("192.0.2.1", Some(2445))]
    );
    assert_eq!(configuration.capf_servers, vec![server("192.0.2.1", Some(3804))]);
    let at = |needle: &str| 440 + PHONE.find(needle).unwrap() as u64;
    let urls: Vec<(&str, &str, u64, bool)> = configuration
        .urls
        .iter()
        .map(|url| (url.name.as_str(), url.url.as_str(), url.offset, url.has_credential))
        .collect();
    assert_eq!(
        urls,
        vec![
            (
                "authenticationURL",
                "http://cucm-pub:8080/ccmcip/authenticate.jsp",
                at("<authenticationURL"),
                false
            ),
            (
                "secureAuthenticationURL",
                "https://***@cucm-pub:8443/ccmcip/authenticate.jsp",
                at("<secureAuthenticationURL"),
                true
            ),
            ("url", "http://h/e?device=#DEVICENAME#&pin=***", at("<url>http"), true),
        ]
    );
    let credentials: Vec<(&str, u64, usize, bool)> = configuration
        .credentials
        .iter()
        .map(|field| (field.name.as_str(), field.offset, field.length, field.secret))
        .collect();
    assert_eq!(
        credentials,
        vec![
            ("sshUserId", at("<sshUserId"), 5, false),
            ("sshPassword", at("<sshPassword"), 7, true),
            ("adminPassword", at("<adminPassword"), 9, true),
            ("userId", at("<userId"), 5, false),
        ]
    );
    assert!(configuration.has_secret());
    let prefix = at("xsi:type");
    assert_eq!(
        configuration.problems,
        vec![problem(prefix, "configuration", "uses the prefix `xsi` without declaring it")]
    );
    let report = configuration.to_report(3);
    assert_eq!(report.input, 3);
    assert_eq!(report.call_managers[0].port, Some(5061), "mode 3 registers over TLS");
    assert_eq!(report.credentials.len(), 4);
}

#[test]
fn no_secret_leaves_the_parser() {
    let configuration = Configuration::read(PHONE.as_bytes(), 0).unwrap();
    let shown = serde_json::to_string(&configuration).unwrap()
        + &serde_json::to_string(&configuration.to_report(0)).unwrap()
        + &format!("{configuration:?}")
        + &masked(PHONE);
    for secret in ["hunter2", "&lt;x&gt;", "<x>", "user:pass", "1234"] {
        assert!(!shown.contains(secret), "{secret}");
    }
    assert!(masked(PHONE).contains("<sshPassword>***</sshPassword>"));
    assert!(masked(PHONE).contains("<phonePassword></phonePassword>"), "empty ones stay empty");
}

#[test]
fn the_default_configuration() {
    let xml = "<Default><callManagerGroup><members><member priority=\"0\"><callManager><ports>\
        <ethernetPhonePort>2000</ethernetPhonePort></ports><processNodeName>cucm</processNodeName></callManager>\
        </member></members></callManagerGroup><loadInformation683 model=\"Cisco 8841\">x</loadInformation683></Default>";
    assert!(looks_like_configuration(xml.as_bytes()));
    let configuration = Configuration::read(xml.as_bytes(), 0).unwrap();
    assert_eq!(configuration.kind, ConfigurationKind::Default);
    assert_eq!(configuration.call_managers[0].name, "cucm");
    assert_eq!(configuration.to_report(0).call_managers[0].port, Some(2000));
    assert_eq!(configuration.load, None, "one load for each model");
}

#[test]
fn what_is_no_configuration() {
    for text in [
        "",
        "device",
        "<",
        "<!-- <device/> -->",
        "<html><device/></html>",
        "x<device/>",
        "</device>",
        "<?xml ?>",
    ] {
        assert!(!looks_like_configuration(text.as_bytes()), "{text}");
    }
    for text in [
        "<device>",
        "\u{feff}\n<device a='b'/>",
        "<?xml version='1.0'?><!-- a < b --><!-- <x --><Default>",
    ] {
        assert!(looks_like_configuration(text.as_bytes()), "{text}");
    }
}

#[test]
fn errors_tell_their_offset() {
    let error = |xml: &str| Configuration::read(xml.as_bytes(), 100).unwrap_err();
    let bad = |at, message: &str| problem(at, "configuration", message);
    assert_eq!(error("<device>\n<a>é</b></device>").at, 100 + 14);
    assert_eq!(error("<html/>"), bad(100, "has the root element `html`, not `device`"));
    assert_eq!(error("<device><a>"), bad(111, "ends inside an element"));
    assert_eq!(
        error("<device><sshPassword>x&hunter2;</sshPassword></device>"),
        bad(122, "refers to an entity that is not defined")
    );
    assert_eq!(
        error("<!DOCTYPE device [<!ENTITY a 'b'>]><device>&a;</device>"),
        bad(100, "has a document type definition; phones need none, and it is not read")
    );
    let large = format!("<device>{}</device>", " ".repeat(limits::CONFIGURATION_BYTES));
    let limit = limits::CONFIGURATION_BYTES as u64;
    assert_eq!(error(&large).kind, ErrorKind::TooLarge { limit });
    let attributes: String = (0..200_000).map(|number| format!(" a{number}=''")).collect();
    let crowded = ParseError::new(
        108,
        "attributes",
        ErrorKind::TooLarge { limit: limits::CONFIGURATION_ENTRIES as u64 },
    );
    assert_eq!(error(&format!("<device><a{attributes}/></device>")), crowded);
    let many = format!("<device>{}</device>", "<a/>".repeat(limits::CONFIGURATION_NODES as usize));
    let limit = u64::from(limits::CONFIGURATION_NODES);
    assert_eq!(error(&many).kind, ErrorKind::TooLarge { limit });
}

#[test]
fn odd_values_are_noted_and_left_out() {
    let xml = "<device name='SEP001122334455'><fullConfig>maybe</fullConfig>\
        <deviceSecurityMode>300</deviceSecurityMode><TVS><members><member><port>99999</port><address>a</address>\
        </member></members></TVS></device>";
    let configuration = Configuration::read(xml.as_bytes(), 0).unwrap();
    assert_eq!(configuration.device.as_deref(), Some("SEP001122334455"));
    assert_eq!((configuration.full_config, configuration.security_mode), (None, None));
    assert_eq!(configuration.tvs_servers, vec![Server { name: "a".to_owned(), port: None }]);
    let at = |needle: &str| xml.find(needle).unwrap() as u64;
    assert_eq!(
        configuration.problems,
        vec![
            problem(at("<fullConfig"), "fullConfig", "is neither `true` nor `false`"),
            problem(at("<deviceSecurityMode"), "deviceSecurityMode", "is no number in its range"),
            problem(at("<port"), "port", "is no number in its range"),
        ]
    );
}

#[test]
fn bytes_that_are_not_utf8_keep_their_offsets() {
    let mut xml = b"<device><name>M\xfcller</name><sshPassword>x</sshPassword></device>".to_vec();
    let configuration = Configuration::read(&xml, 0).unwrap();
    assert_eq!(configuration.credentials[0].offset, 27);
    assert_eq!(
        configuration.problems,
        vec![problem(15, "configuration", "is not UTF-8; the bytes that are not are shown as `?`")]
    );
    xml.truncate(40);
    assert!(Configuration::read(&xml, 0).is_err());
}

#[test]
fn every_truncation_gives_an_answer_and_no_secret() {
    for length in 0..PHONE.len() {
        let bytes = &PHONE.as_bytes()[..length];
        let _ = looks_like_configuration(bytes);
        assert!(
            Configuration::read(bytes, 0).is_err() || PHONE[length..].trim().is_empty(),
            "{length}"
        );
        let shown = masked(&String::from_utf8_lossy(bytes));
        assert!(!shown.contains("hunter"), "{length}: {shown}");
    }
}
