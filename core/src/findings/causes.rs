//! Which finding can be the cause of which other: a declared table, read by [`crate::report`] to tell the story of a case.
//!
//! A link says "can be"; that it is follows only when both findings are about the same thing (device, server,
//! certificate, file), which the report decides from their evidence and values.

/// A finding that can be the cause of others.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// Its code.
    pub code: &'static str,
    /// Codes of what it can lead to.
    pub of: &'static [&'static str],
}

/// What follows where a phone cannot take its server's list.
const STRANDED: &[&str] = &[
    "delete_itl_decision",
    "handshake_failed",
    "handshake_refused",
    "phone_boot_stopped",
    "phone_list_differs",
    "phone_rejects_list",
    "phone_tvs_changed",
    "service_certificate_not_in_itl",
    "signed_file_signer_not_on_phone",
    "transfer_failed",
    "tvs_refuses",
    "tvs_vouching_unknown",
];

/// What follows where the certificate of an origin is not accepted.
const REFUSED_ORIGIN: &[&str] =
    &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_chain"];

/// What follows where Expressway could not talk to an origin.
const NO_ANSWER: &[&str] = &[
    "handshake_failed",
    "handshake_refused",
    "mra_request_failed",
    "packet_list_handshake",
    "transfer_failed",
];

/// Every link, the deepest causes first: of two findings without a link between them the one whose code stands earlier
/// is told first.
pub const CAUSES: &[Cause] = &[
    Cause { code: "input_unreadable", of: &["capture_incomplete"] },
    Cause {
        code: "trust_list_damaged",
        of: &[
            "fetched_file_differs",
            "phone_boot_stopped",
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
            "phone_rejects_list",
            "record_contradicts_certificate",
            "trust_list_signature_invalid",
        ],
    },
    Cause { code: "record_contradicts_certificate", of: &["trust_list_signature_invalid"] },
    Cause {
        code: "trust_list_signature_invalid",
        of: &["phone_boot_stopped", "phone_list_differs", "phone_rejects_list"],
    },
    Cause {
        code: "signed_file_damaged",
        of: &["configuration_unreadable", "phone_boot_stopped", "signed_file_signature_invalid"],
    },
    Cause { code: "signed_file_signature_invalid", of: &["phone_boot_stopped"] },
    Cause { code: "callmanager_and_tvs_renewed_together", of: STRANDED },
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
    Cause {
        code: "name_not_resolved",
        of: &[
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
            "phone_boot_stopped",
            "phone_list_differs",
            "service_certificate_not_in_itl",
            "signed_file_signer_not_on_phone",
        ],
    },
    Cause {
        code: "service_certificate_not_in_itl",
        of: &["handshake_failed", "handshake_refused", "phone_boot_stopped", "tvs_unanswered"],
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
    Cause { code: "tvs_unanswered", of: &["phone_boot_stopped"] },
    Cause { code: "phone_capf_changed", of: &["capf_certificate_changed", "lsc_not_from_capf"] },
    Cause { code: "capf_certificate_changed", of: &["handshake_refused", "lsc_not_from_capf"] },
    Cause { code: "tls_version_refused", of: &["handshake_failed", "tls_never_started"] },
    Cause { code: "certificate_revoked", of: REFUSED_ORIGIN },
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
    Cause { code: "server_port_self_signed", of: REFUSED_ORIGIN },
    Cause { code: "origin_issuer_unknown", of: REFUSED_ORIGIN },
    Cause { code: "origin_chain_invalid", of: REFUSED_ORIGIN },
    Cause {
        code: "origin_name_mismatch",
        of: &["handshake_failed", "handshake_refused", "origin_forecast", "origin_refused_name"],
    },
    Cause { code: "origin_refused_chain", of: NO_ANSWER },
    Cause { code: "origin_refused_name", of: NO_ANSWER },
    Cause { code: "origin_rejects_expressway", of: NO_ANSWER },
    Cause { code: "handshake_refused", of: &["phone_boot_stopped"] },
    Cause { code: "transfer_failed", of: &["phone_boot_stopped"] },
];

/// Codes of what `code` can lead to.
pub fn consequences(code: &str) -> &'static [&'static str] {
    CAUSES.iter().find(|cause| cause.code == code).map_or(&[], |cause| cause.of)
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
    }
}
