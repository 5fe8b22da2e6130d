//! Which finding can be the cause of which other: a declared table, read by [`crate::report`] to tell the story of a case.
//!
//! A link says "can be"; that it is follows only when both findings are about the same thing (device, server,
//! certificate, file), which the report decides from their evidence and values, and their values agree.

use crate::findings::{Arguments, Value};

/// A finding that can be the cause of others.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// Its code.
    pub code: &'static str,
    /// Codes of what it can lead to.
    pub of: &'static [&'static str],
}

/// What makes two findings be about the same system, where they name no thing that both are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Nothing does.
    Things,
    /// All inputs are about one phone.
    Phone,
    /// Registry, events and pages of Windows are one server's.
    Windows,
}

/// Causes that need no common thing where all inputs are about one phone.
const OF_A_PHONE: &[&str] = &[
    "callmanager_and_tvs_renewed_together",
    "configuration_capf_without_record",
    "handshake_refused",
    "itl_capf_missing",
    "itl_differs_between_servers",
    "list_file_missing",
    "listing_refused",
    "name_not_resolved",
    "phone_file_refused",
    "phone_rejects_list",
    "phone_tvs_changed",
    "service_certificate_not_in_itl",
    "service_not_reached",
    "signed_file_damaged",
    "signed_file_signature_invalid",
    "signed_file_signer_not_on_phone",
    "transfer_failed",
    "trust_list_algorithm_unknown",
    "trust_list_damaged",
    "trust_list_signature_invalid",
    "trust_list_signer_contradicts",
    "trust_list_signer_not_in_list",
    "trust_list_signer_role_wrong",
    "tvs_refuses",
    "tvs_sessions_refused",
    "tvs_unanswered",
];

/// Causes on a Windows server, of which a case has one.
const OF_WINDOWS: &[&str] = &[
    "schannel_tls12_off",
    "schannel_value_unusable",
    "sql_server_without_tls",
    "tls_version_refused",
    "tms_offers_old_tls",
    "tms_version_old",
];

/// Every link, the deepest causes first: of two findings without a link between them the one whose code stands earlier
/// is told first.
pub const CAUSES: &[Cause] = &[
    Cause { code: "input_unreadable", of: &["capture_incomplete"] },
    Cause { code: "list_reset_failed", of: &["list_file_missing"] },
    Cause {
        code: "database_certificate_differs",
        of: &[
            "listing_refused",
            "trust_list_signature_invalid",
            "trust_list_signer_contradicts",
            "trust_list_signer_not_in_list",
        ],
    },
    Cause {
        code: "trust_list_damaged",
        of: &[
            "fetched_file_differs",
            "phone_boot_stopped",
            "phone_file_refused",
            "phone_list_differs",
            "phone_rejects_list",
            "trust_list_oddity",
            "trust_list_signature_invalid",
            "trust_list_signer_contradicts",
        ],
    },
    Cause {
        code: "trust_list_signer_contradicts",
        of: &[
            "phone_file_refused",
            "phone_rejects_list",
            "record_contradicts_certificate",
            "trust_list_signature_invalid",
        ],
    },
    Cause { code: "record_contradicts_certificate", of: &["trust_list_signature_invalid"] },
    Cause {
        code: "trust_list_signature_invalid",
        of: &[
            "phone_boot_stopped",
            "phone_file_refused",
            "phone_list_differs",
            "phone_rejects_list",
        ],
    },
    Cause {
        code: "trust_list_algorithm_unknown",
        of: &["phone_boot_stopped", "phone_file_refused", "phone_rejects_list"],
    },
    Cause {
        code: "trust_list_signer_not_in_list",
        of: &["phone_boot_stopped", "phone_file_refused", "phone_rejects_list"],
    },
    Cause {
        code: "trust_list_signer_role_wrong",
        of: &["phone_boot_stopped", "phone_file_refused", "phone_rejects_list"],
    },
    Cause {
        code: "signed_file_damaged",
        of: &[
            "configuration_unreadable",
            "phone_boot_stopped",
            "phone_file_refused",
            "signed_file_signature_invalid",
        ],
    },
    Cause {
        code: "signed_file_signature_invalid",
        of: &["phone_boot_stopped", "phone_file_refused"],
    },
    Cause {
        code: "listing_refused",
        of: &[
            "phone_boot_stopped",
            "phone_file_refused",
            "phone_list_differs",
            "phone_rejects_list",
        ],
    },
    Cause {
        code: "list_file_missing",
        of: &["phone_boot_stopped", "phone_boot_without_itl", "transfer_failed"],
    },
    Cause {
        code: "callmanager_and_tvs_renewed_together",
        of: &[
            "delete_itl_decision",
            "handshake_failed",
            "handshake_refused",
            "https_server_not_authenticated",
            "phone_boot_stopped",
            "phone_file_refused",
            "phone_list_differs",
            "phone_rejects_list",
            "phone_tvs_changed",
            "service_certificate_not_in_itl",
            "signed_file_signer_not_on_phone",
            "transfer_failed",
            "tvs_refuses",
            "tvs_vouching_unknown",
        ],
    },
    Cause {
        code: "listed_renewed_together",
        of: &[
            "handshake_refused",
            "phone_file_refused",
            "phone_list_differs",
            "phone_rejects_list",
            "phone_tvs_changed",
            "service_certificate_not_in_itl",
            "signed_file_signer_not_on_phone",
        ],
    },
    Cause { code: "ctl_itl_recovery_differs", of: &["phone_rejects_list"] },
    Cause {
        code: "itl_rollback",
        of: &[
            "itl_capf_missing",
            "itl_tftp_missing",
            "itl_tvs_missing",
            "phone_first_use",
            "rollback_leaves_ctl",
        ],
    },
    Cause { code: "rollback_leaves_ctl", of: &["phone_rejects_list"] },
    Cause {
        code: "itl_tftp_missing",
        of: &["phone_boot_stopped", "phone_file_refused", "signed_file_signer_not_on_phone"],
    },
    Cause { code: "itl_capf_missing", of: &["configuration_capf_without_record", "lsc_failed"] },
    Cause {
        code: "itl_differs_between_servers",
        of: &["lsc_operation_pending", "phone_list_differs"],
    },
    Cause { code: "configuration_capf_without_record", of: &["lsc_failed"] },
    Cause {
        code: "store_not_replicated",
        of: &[
            "certificate_not_in_store",
            "phone_file_refused",
            "signed_file_signer_not_on_phone",
            "tvs_refuses",
        ],
    },
    Cause {
        code: "certificate_not_in_store",
        of: &[
            "phone_file_refused",
            "phone_rejects_list",
            "plan_migration",
            "signed_file_signer_not_on_phone",
            "tvs_refuses",
        ],
    },
    Cause {
        code: "tvs_sessions_refused",
        of: &["https_server_not_authenticated", "phone_file_refused", "tvs_unanswered"],
    },
    Cause { code: "signed_file_too_large", of: &["phone_boot_stopped", "phone_status_failure"] },
    Cause {
        code: "signed_file_signer_role_unfit",
        of: &["phone_boot_stopped", "phone_file_refused"],
    },
    Cause {
        code: "name_not_resolved",
        of: &[
            "expressway_connection_failed",
            "https_server_not_authenticated",
            "lsc_failed",
            "lsc_operation_pending",
            "phone_boot_stopped",
            "phone_file_refused",
            "service_not_reached",
            "transfer_failed",
            "tvs_unanswered",
        ],
    },
    Cause {
        code: "service_not_reached",
        of: &["lsc_failed", "phone_boot_stopped", "transfer_failed", "tvs_unanswered"],
    },
    Cause {
        code: "phone_rejects_list",
        of: &[
            "delete_itl_decision",
            "handshake_failed",
            "handshake_refused",
            "https_server_not_authenticated",
            "phone_boot_stopped",
            "phone_file_refused",
            "phone_list_differs",
            "phone_tvs_changed",
            "service_certificate_not_in_itl",
            "signed_file_signer_not_on_phone",
            "tvs_refuses",
            "tvs_vouching_unknown",
        ],
    },
    Cause { code: "itl_tvs_missing", of: &["itl_tvs_count_differs"] },
    Cause {
        code: "phone_tvs_changed",
        of: &[
            "delete_itl_decision",
            "handshake_refused",
            "https_server_not_authenticated",
            "phone_boot_stopped",
            "phone_file_refused",
            "phone_list_differs",
            "service_certificate_not_in_itl",
            "signed_file_signer_not_on_phone",
        ],
    },
    Cause {
        code: "service_certificate_not_in_itl",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "https_server_not_authenticated",
            "phone_boot_stopped",
            "phone_file_refused",
            "tvs_unanswered",
        ],
    },
    Cause {
        code: "tvs_refuses",
        of: &[
            "https_server_not_authenticated",
            "phone_boot_stopped",
            "phone_file_refused",
            "signed_file_signer_not_on_phone",
        ],
    },
    Cause {
        code: "tvs_unanswered",
        of: &["https_server_not_authenticated", "phone_boot_stopped", "phone_file_refused"],
    },
    Cause {
        code: "signed_file_signer_not_on_phone",
        of: &["phone_boot_stopped", "phone_file_refused"],
    },
    Cause {
        code: "phone_capf_changed",
        of: &["capf_certificate_changed", "lsc_failed", "lsc_not_from_capf"],
    },
    Cause {
        code: "listed_certificate_expired",
        of: &["handshake_failed", "handshake_refused", "lsc_failed", "origin_refused_chain"],
    },
    Cause { code: "capf_certificate_expiring", of: &["handshake_refused", "lsc_failed"] },
    Cause {
        code: "capf_certificate_changed",
        of: &["handshake_refused", "lsc_failed", "lsc_not_from_capf"],
    },
    Cause { code: "capf_refuses", of: &["lsc_failed"] },
    Cause { code: "lsc_failed", of: &["lsc_operation_pending"] },
    Cause { code: "schannel_value_unusable", of: &["schannel_tls12_off", "tms_offers_old_tls"] },
    Cause {
        code: "schannel_tls12_off",
        of: &[
            "handshake_failed",
            "schannel_events",
            "sql_server_without_tls",
            "tls_version_refused",
            "tms_connection_error",
            "tms_offers_old_tls",
        ],
    },
    Cause {
        code: "tms_version_old",
        of: &[
            "schannel_events",
            "tls_version_refused",
            "tms_connection_error",
            "tms_offers_old_tls",
        ],
    },
    Cause { code: "sql_server_without_tls", of: &["tms_connection_error", "tms_services"] },
    Cause {
        code: "tms_offers_old_tls",
        of: &["schannel_events", "tls_version_refused", "tms_connection_error"],
    },
    Cause {
        code: "tls_version_refused",
        of: &["handshake_failed", "tls_never_started", "tms_connection_error"],
    },
    Cause {
        code: "certificate_revoked",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_chain"],
    },
    Cause {
        code: "certificate_expired",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "origin_chain_invalid",
            "origin_forecast",
            "origin_refused_chain",
        ],
    },
    Cause {
        code: "certificate_not_yet_valid",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "origin_chain_invalid",
            "origin_forecast",
            "origin_refused_chain",
        ],
    },
    Cause {
        code: "trust_store_key_identifier_conflict",
        of: &["chain_views_differ", "origin_chain_invalid", "origin_issuer_unknown"],
    },
    Cause { code: "trust_store_not_a_ca", of: &["origin_chain_invalid", "origin_issuer_unknown"] },
    Cause {
        code: "trust_store_root_missing",
        of: &["origin_chain_invalid", "origin_issuer_unknown"],
    },
    Cause {
        code: "origin_self_signed",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "origin_forecast",
            "origin_refused_chain",
            "server_port_self_signed",
        ],
    },
    Cause {
        code: "server_port_self_signed",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_chain"],
    },
    Cause {
        code: "origin_issuer_unknown",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_chain"],
    },
    Cause {
        code: "origin_chain_invalid",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_chain"],
    },
    Cause {
        code: "origin_name_mismatch",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_name"],
    },
    Cause {
        code: "listed_certificate_self_signed",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_chain"],
    },
    Cause {
        code: "expressway_ca_not_listed",
        of: &["handshake_failed", "handshake_refused", "origin_rejects_expressway"],
    },
    Cause { code: "expressway_stores_differ", of: &["origin_refused_chain"] },
    Cause {
        code: "origin_refused_chain",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "mra_request_failed",
            "packet_list_handshake",
            "transfer_failed",
        ],
    },
    Cause {
        code: "origin_refused_name",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "mra_request_failed",
            "packet_list_handshake",
            "transfer_failed",
        ],
    },
    Cause {
        code: "origin_rejects_expressway",
        of: &[
            "handshake_failed",
            "handshake_refused",
            "mra_request_failed",
            "packet_list_handshake",
            "transfer_failed",
        ],
    },
    Cause { code: "expressway_connection_failed", of: &["mra_request_failed"] },
    Cause { code: "mra_domain_forbidden", of: &["mra_request_failed"] },
    Cause {
        code: "handshake_refused",
        of: &["mra_request_failed", "phone_boot_stopped", "transfer_failed"],
    },
    Cause { code: "phone_file_refused", of: &["phone_boot_stopped"] },
    Cause { code: "transfer_failed", of: &["phone_boot_stopped"] },
];

/// Codes of what `code` can lead to.
pub fn consequences(code: &str) -> &'static [&'static str] {
    CAUSES.iter().find(|cause| cause.code == code).map_or(&[], |cause| cause.of)
}

/// Whether the values of two findings that the table links agree: a refusal says what was wrong with a certificate, a certificate list
/// says of which service each is, and what expires soon has not stopped anything yet.
pub fn agree(cause: &str, own: &Arguments, of: &str, theirs: &Arguments) -> bool {
    let is_listed = cause == "listed_certificate_expired";
    if is_listed || cause == "capf_certificate_expiring" {
        if said(own, "case") != "expired" {
            return false;
        }
        let wanted = match (of, said(theirs, "service")) {
            ("lsc_failed", _) | (_, "CAPF") => &["CAPF"],
            ("origin_refused_chain", _) | (_, "origin") => SERVED_TO_EXPRESSWAY,
            (_, "TVS") => &["TVS"],
            (_, "registration") => &["CallManager"],
            _ => &[""],
        };
        if is_listed && !wanted.iter().any(|store| said(own, "store").starts_with(store)) {
            return false;
        }
    }
    // SQL Server accepts connections, and 2008 R2 knows no TLS 1.2.
    if (cause, of) == ("schannel_tls12_off", "sql_server_without_tls")
        && (said(own, "server") == "on" || said(theirs, "sql") == "2008")
    {
        return false;
    }
    let fault = said(theirs, "case");
    let by_date = matches!(
        cause,
        "capf_certificate_expiring"
            | "certificate_expired"
            | "certificate_not_yet_valid"
            | "listed_certificate_expired"
    );
    let by_issuer = matches!(
        cause,
        "expressway_stores_differ"
            | "listed_certificate_self_signed"
            | "origin_issuer_unknown"
            | "origin_self_signed"
            | "server_port_self_signed"
    );
    match (of, fault) {
        // What the log does not explain, any of them may.
        ("origin_refused_chain", "unexplained") => true,
        ("origin_refused_chain", _) => match cause {
            "certificate_not_yet_valid" => fault == "not-yet-valid",
            "certificate_revoked" => fault == "revoked",
            "origin_issuer_unknown" => UNKNOWN.contains(&fault),
            "expressway_stores_differ" => fault == "self-signed" || UNKNOWN.contains(&fault),
            _ if by_date => matches!(fault, "expired" | "ca-expired"),
            _ => !by_issuer || fault == "self-signed",
        },
        // OpenSSL looks for the issuer first, and says which of both it is.
        ("handshake_refused", "unknown_ca") => !by_date && cause != "origin_name_mismatch",
        ("handshake_refused", "expired") => !by_issuer,
        _ => true,
    }
}

/// Refusals because a certificate above the server's own is missing.
const UNKNOWN: &[&str] = &["issuer-unknown", "issuer-above-unknown", "root-unknown"];

/// Something that failed before somebody's eyes, in a log or a capture. What only may fail, such as a certificate on a list, is told
/// behind it.
pub fn happened(code: &str) -> bool {
    HAPPENED.contains(&code)
}

const HAPPENED: &[&str] = &[
    "handshake_failed",
    "handshake_refused",
    "lsc_failed",
    "mra_request_failed",
    "origin_refused_chain",
    "origin_refused_name",
    "origin_rejects_expressway",
    "phone_boot_stopped",
    "phone_file_refused",
    "sql_server_without_tls",
    "tls_never_started",
    "tls_version_refused",
    "transfer_failed",
];

/// Stores whose certificates CUCM, IM and Presence and Unity show to an Expressway, and those for elliptic curves with them.
const SERVED_TO_EXPRESSWAY: &[&str] = &["tomcat", "CallManager", "cup"];

/// The text of a value; empty where there is none.
fn said<'a>(arguments: &'a Arguments, name: &str) -> &'a str {
    let value = arguments.iter().find(|(own, _)| *own == name);
    if let Some((_, Value::Text(text))) = value { text } else { "" }
}

/// What makes a consequence of `code` be about the same system.
pub fn within(code: &str) -> Within {
    if OF_A_PHONE.contains(&code) {
        Within::Phone
    } else if OF_WINDOWS.contains(&code) {
        Within::Windows
    } else {
        Within::Things
    }
}

/// Place of a code among findings of one severity: causes in the order of the table, then the rest.
pub fn rank(code: &str) -> usize {
    CAUSES.iter().position(|cause| cause.code == code).unwrap_or(CAUSES.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::findings::REGISTRY;

    #[test]
    fn values_that_contradict_each_other_make_no_link() {
        let refused = |case: &str| Arguments::new().text("case", case).text("service", "origin");
        let listed =
            |store: &str, case: &str| Arguments::new().text("store", store).text("case", case);
        let accepts = |server: &str| Arguments::new().text("server", server);
        let none = Arguments::new();
        let chain = "origin_refused_chain";
        for (cause, own, of, theirs, expected) in [
            ("listed_certificate_expired", listed("tomcat", "expired"), chain, "expired", true),
            ("listed_certificate_expired", listed("tomcat", "soon"), chain, "expired", false),
            ("listed_certificate_expired", listed("TVS", "expired"), chain, "expired", false),
            (
                "listed_certificate_expired",
                listed("tomcat", "expired"),
                chain,
                "self-signed",
                false,
            ),
            ("listed_certificate_expired", listed("CAPF", "expired"), "lsc_failed", "", true),
            ("listed_certificate_expired", listed("TVS", "expired"), "lsc_failed", "", false),
            ("origin_self_signed", none.clone(), chain, "self-signed", true),
            ("origin_self_signed", none.clone(), chain, "issuer-unknown", false),
            ("origin_self_signed", none.clone(), chain, "unexplained", true),
            ("origin_issuer_unknown", none.clone(), chain, "root-unknown", true),
            ("origin_issuer_unknown", none.clone(), chain, "expired", false),
            ("certificate_not_yet_valid", none.clone(), chain, "not-yet-valid", true),
            ("certificate_not_yet_valid", none.clone(), chain, "expired", false),
            ("certificate_revoked", none.clone(), chain, "revoked", true),
            ("expressway_stores_differ", none.clone(), chain, "expired", false),
            ("origin_chain_invalid", none.clone(), chain, "other", true),
            ("certificate_expired", none.clone(), "handshake_refused", "expired", true),
            ("certificate_expired", none.clone(), "handshake_refused", "unknown_ca", false),
            ("origin_self_signed", none.clone(), "handshake_refused", "unknown_ca", true),
            ("origin_self_signed", none.clone(), "handshake_refused", "expired", false),
            ("origin_name_mismatch", none, "handshake_refused", "internal_error", true),
            ("schannel_tls12_off", accepts("on"), "sql_server_without_tls", "seen", false),
            ("schannel_tls12_off", accepts("off"), "sql_server_without_tls", "seen", true),
        ] {
            assert_eq!(
                agree(cause, &own, of, &refused(theirs)),
                expected,
                "{cause}, {of}: {theirs}"
            );
        }
    }

    /// So that no chain of links can come back to where it began.
    #[test]
    fn causes_stand_before_what_they_lead_to() {
        for (place, cause) in CAUSES.iter().enumerate() {
            for code in cause.of {
                assert!(
                    rank(code) > place,
                    "{} leads to {code}, which stands before it",
                    cause.code
                );
            }
        }
    }

    #[test]
    fn links_name_findings_once() {
        let codes: BTreeSet<&str> = REGISTRY.iter().map(|check| check.code).collect();
        let mut seen = BTreeSet::new();
        for cause in CAUSES {
            assert!(seen.insert(cause.code), "{} stands twice", cause.code);
            assert!(codes.contains(cause.code), "{}", cause.code);
            let of: BTreeSet<&str> = cause.of.iter().copied().collect();
            assert_eq!(of.len(), cause.of.len(), "{}", cause.code);
            for code in of {
                assert!(codes.contains(code), "{code}");
            }
        }
        for code in HAPPENED {
            assert!(codes.contains(code), "{code}");
        }
    }
}
