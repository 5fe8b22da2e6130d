//! Trust lists: the ITL and CTL files that Cisco phones trust.
//!
//! A trust list is a signed header (see [`crate::tlv::header`]) and records from HEADERLENGTH to the end of
//! the file. CUCM writes it, phones fetch it at boot as `CTLSEP<MAC>.tlv` and `ITLSEP<MAC>.tlv`, and believe
//! from then on what it names: who may sign configurations (TFTP, CCM+TFTP), who vouches for other
//! certificates (TVS), who issues phone certificates (CAPF) and who signs the list (System
//! Administrator Security Token). Source: formats.md sections 2 to 4.

pub mod compare;
pub mod file;
pub mod listing;
pub mod record;
pub mod role;
pub mod verify;
