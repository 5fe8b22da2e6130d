//! The registry of checks: one small file for each code.
//!
//! A check looks at the facts, and what is [`Derived`] from them, and answers with an [`Outcome`]. Its texts stand in the message files of
//! [`crate::i18n`] under its code; its file, its message, its test folder `tests/cases/<code>` and its line in
//! `docs/coverage.md` share that one name.

use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

mod archive_damaged;
mod archive_limit;
mod archive_not_read;
mod callmanager_and_tvs_renewed_together;
mod capf_certificate_ca_signed;
mod capf_certificate_changed;
mod capf_certificate_expiring;
mod capf_issues;
mod capf_refuses;
mod capture_incomplete;
pub mod causes;
mod certificate_ca_signed;
mod certificate_expired;
mod certificate_expires_soon;
mod certificate_in_store;
mod certificate_in_trust_list;
mod certificate_key_weak;
mod certificate_malformed;
mod certificate_not_in_store;
mod certificate_not_in_trust_list;
mod certificate_not_yet_valid;
mod certificate_request_key_differs;
mod certificate_request_matches_certificate;
mod certificate_request_names_differ;
mod certificate_request_pending;
mod certificate_request_signature_invalid;
mod certificate_revoked;
mod certificate_signature_weak;
mod certificate_time_unreadable;
mod certificate_trust_settings_ignored;
mod certificate_unreadable;
mod certificate_usage_incomplete;
mod chain_views_differ;
mod cisco_ca_expired;
mod clock_offset;
mod configuration_capf_without_record;
mod configuration_certificate_hash_differs;
mod configuration_encrypted_elsewhere;
mod configuration_secure_urls;
mod configuration_security_mode;
mod configuration_tvs_count;
mod configuration_tvs_single;
mod configuration_unreadable;
mod configuration_unsigned;
mod container_encryption_legacy;
mod container_needs_password;
mod container_opened;
mod container_password_wrong;
mod container_unsupported;
mod container_without_mac;
mod ctl_anchor_single;
mod ctl_client_refused;
mod ctl_itl_recovery_differs;
mod ctl_signed_by_token;
mod database_certificate_differs;
mod delete_itl_decision;
mod expressway;
mod expressway_bundle;
mod expressway_ca_not_listed;
mod expressway_cipher_order;
mod expressway_connection_failed;
mod expressway_origins_unverified;
mod expressway_stores_differ;
mod expressway_verify_mode;
mod fetched_file_differs;
mod handshake_failed;
mod handshake_refused;
mod https_server_authenticated;
mod https_server_not_authenticated;
mod input_empty;
mod input_unreadable;
mod input_unrecognised;
mod itl_capf_missing;
mod itl_differs_between_servers;
mod itl_ec_record;
mod itl_hash_records;
mod itl_recovery_key_short;
mod itl_rollback;
mod itl_signed_by_callmanager;
mod itl_signed_by_recovery;
mod itl_tftp_missing;
mod itl_tvs_count_differs;
mod itl_tvs_missing;
mod key_log_found;
mod key_matches_certificate;
mod key_matches_nothing;
mod list_file_missing;
mod list_reset_failed;
mod listed_certificate_expired;
mod listed_certificate_self_signed;
mod listed_renewed_together;
mod listing_complete;
mod listing_cut;
mod listing_damaged;
mod listing_matches_file;
mod listing_refused;
mod listings;
mod lsc_device_differs;
mod lsc_failed;
mod lsc_issued_by_capf;
mod lsc_not_from_capf;
mod lsc_not_installed;
mod lsc_operation_pending;
mod lsc_outlives_capf;
mod mic_issuer;
mod mic_model_affected;
mod mra_domain_forbidden;
mod mra_request_failed;
mod name_not_resolved;
mod node_certificates_same_common_name;
mod origin_accepted;
mod origin_address_unassigned;
mod origin_chain_invalid;
mod origin_forecast;
mod origin_issuer_unknown;
mod origin_name_mismatch;
mod origin_names_unasked;
mod origin_refused_chain;
mod origin_refused_name;
mod origin_rejects_expressway;
mod origin_self_signed;
mod origins;
mod packet_list_handshake;
mod packet_list_serial;
mod phone_accepts_list;
mod phone_boot;
mod phone_boot_stopped;
mod phone_boot_without_itl;
mod phone_capf_changed;
mod phone_checksum_differs;
mod phone_checksum_fits;
mod phone_file_refused;
mod phone_file_verified;
mod phone_first_use;
mod phone_list_differs;
mod phone_list_equal;
mod phone_lists_sound;
mod phone_log_boot;
mod phone_log_harmless;
mod phone_rejects_list;
mod phone_state;
mod phone_status_failure;
mod phone_tvs_changed;
mod phone_without_security_by_default;
mod plan_bulk_export;
mod plan_central_tftp;
mod plan_migration;
mod plan_migration_back;
mod plan_rename;
mod plan_renewal;
mod plans;
mod private_key_found;
mod public_key_shared;
mod received_length_differs;
mod received_length_fits;
mod record_contradicts_certificate;
mod record_role_unknown;
mod registry;
mod rollback_leaves_ctl;
mod schannel_events;
mod schannel_protocols;
mod schannel_tls12_off;
mod schannel_value_unusable;
mod server_port_self_signed;
mod service_certificate_in_itl;
mod service_certificate_not_in_itl;
mod service_not_reached;
mod signed_file_credentials_in_clear;
mod signed_file_damaged;
mod signed_file_decrypted;
mod signed_file_digest_sha1;
mod signed_file_encrypted;
mod signed_file_firmware;
mod signed_file_key_mismatch;
mod signed_file_name_differs;
mod signed_file_oddity;
mod signed_file_signature_invalid;
mod signed_file_signer_absent;
mod signed_file_signer_not_on_phone;
mod signed_file_signer_role_unfit;
mod signed_file_too_large;
mod signed_file_verified;
mod sql_server_without_tls;
mod store_not_replicated;
mod tls_never_started;
mod tls_version_refused;
mod tms;
mod tms_connection_error;
mod tms_method_not_allowed;
mod tms_offers_old_tls;
mod tms_services;
mod tms_tls_order;
mod tms_version_old;
mod transfer_failed;
mod trust_list_algorithm_unknown;
mod trust_list_damaged;
mod trust_list_digest_sha1;
mod trust_list_key_weak;
mod trust_list_oddity;
mod trust_list_signature_invalid;
mod trust_list_signer_contradicts;
mod trust_list_signer_hash_only;
mod trust_list_signer_not_in_list;
mod trust_list_signer_role_wrong;
mod trust_list_tokens_too_many;
mod trust_list_verified;
mod trust_list_version_newer;
mod trust_store_duplicate;
mod trust_store_key_identifier_conflict;
mod trust_store_manufacturing_ca;
mod trust_store_not_a_ca;
mod trust_store_root_missing;
mod trust_store_same_name;
mod trust_store_unused;
mod tvs_refuses;
mod tvs_sessions_refused;
mod tvs_trace_read;
mod tvs_unanswered;
mod tvs_vouches;
mod tvs_vouching_unknown;

pub use registry::{LISTS, REGISTRY};

/// A check: its fixed facts, and the function that decides it.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Stable code, named after what is wrong (or, for severity good, after what is right).
    pub code: &'static str,
    /// The severity it usually has; a finding may be milder.
    pub severity: Severity,
    /// Domain items (A1 to E47) and public references (bug identifiers, advisories).
    pub refs: &'static [&'static str],
    /// Decides.
    pub evaluate: fn(&Derived<'_>) -> Outcome,
}

/// What a check answers.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Looked at, and nothing to say.
    Clear,
    /// At least one finding.
    Found(Vec<Found>),
    /// The inputs do not call for this check.
    NotApplicable,
    /// The inputs call for this check but do not decide it; the verdict cannot be `pass`. The message's
    /// attribute `missing`, or else `needs`, says what is missing.
    NotEnoughEvidence(Arguments),
}

/// A finding before its texts are filled in.
#[derive(Clone, Debug)]
pub struct Found {
    /// How bad this one is.
    pub severity: Severity,
    /// Values for the placeables of the texts.
    pub arguments: Arguments,
    /// Where it stands; never empty.
    pub evidence: Vec<Evidence>,
}

/// Values for the placeables of a message, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments(Vec<(&'static str, Value)>);

/// A value for a placeable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number; plural forms depend on it.
    Number(i64),
    /// A text, shown as it is.
    Text(String),
    /// Messages of their own, each on a line of its own.
    Rows(Vec<(&'static str, Arguments)>),
}

impl Arguments {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, Value::Text(value.into())));
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, name: &'static str, value: impl TryInto<i64>) -> Self {
        self.0.push((name, Value::Number(value.try_into().unwrap_or(i64::MAX))));
        self
    }

    /// Adds rows: messages of their own.
    #[must_use]
    pub fn rows(mut self, name: &'static str, rows: Vec<(&'static str, Arguments)>) -> Self {
        self.0.push((name, Value::Rows(rows)));
        self
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl Found {
    /// A finding at one place.
    pub fn at(severity: Severity, evidence: Evidence, arguments: Arguments) -> Self {
        Self { severity, arguments, evidence: vec![evidence] }
    }

    /// A finding at several places.
    pub fn at_all(severity: Severity, evidence: Vec<Evidence>, arguments: Arguments) -> Self {
        Self { severity, arguments, evidence }
    }
}

impl Outcome {
    /// [`Outcome::Found`], or [`Outcome::Clear`] when there is none.
    pub fn of(found: Vec<Found>) -> Self {
        if found.is_empty() { Self::Clear } else { Self::Found(found) }
    }
}

/// The answer of every check of `checks` ([`REGISTRY`], or [`LISTS`]), in their order.
pub fn evaluate(
    facts: &Derived<'_>,
    checks: &'static [&'static Check],
) -> Vec<(&'static Check, Outcome)> {
    checks.iter().map(|check| (*check, (check.evaluate)(facts))).collect()
}
