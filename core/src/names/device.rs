//! Device names, and the names of the files that phones fetch.
//!
//! `SEP` and twelve upper-case hex digits of the MAC address for desk phones; `ATA`, `CSF`, `BOT`, `TCT`, `TAB`
//! for others. Trust lists are `CTLSEP<MAC>.tlv` and `ITLSEP<MAC>.tlv`, configurations
//! `SEP<MAC>.cnf.xml[.sgn|.enc.sgn]`. Source: formats.md section 10.

/// The device that a file name belongs to: `SEP001122334455` for `SEP001122334455.cnf.xml.sgn`,
/// `CTLSEP001122334455.tlv`, also with a directory in front.
pub fn device_of_file(name: &str) -> Option<String> {
    let base = name.rsplit(['/', '\\']).next()?;
    let base = base.strip_prefix("CTL").or_else(|| base.strip_prefix("ITL")).unwrap_or(base);
    let stem = base.split('.').next()?;
    is_device(stem).then(|| stem.to_owned())
}

/// Is this a device name such as `SEP001122334455` or `CSFALICE`?
pub fn is_device(name: &str) -> bool {
    let Some((prefix, rest)) = name.split_at_checked(3) else { return false };
    match prefix {
        "SEP" | "ATA" => {
            rest.len() == 12 && rest.chars().all(|character| character.is_ascii_hexdigit())
        }
        "BOT" | "CSF" | "TAB" | "TCT" => {
            !rest.is_empty()
                && rest
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
        }
        _ => false,
    }
}

/// The device that a phone's certificate names: `SEPB000B4BA0AEE` for the common name `CP-8861-SEPB000B4BA0AEE`.
pub fn device_in(common_name: &str) -> Option<String> {
    let last = common_name.rsplit('-').next()?;
    is_device(last).then(|| last.to_ascii_uppercase())
}

/// What a file is to a phone, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhoneFile {
    /// `CTLSEP<MAC>.tlv`, `CTLFile.tlv`.
    Ctl,
    /// `ITLSEP<MAC>.tlv`, `ITLFile.tlv`.
    Itl,
    /// `SEP<MAC>.cnf.xml`, `XMLDefault.cnf.xml`, signed or encrypted ones too.
    Configuration,
    /// Anything else: tones, dial plans, firmware.
    Other,
}

/// In the name of every configuration.
const CONFIGURATION: &[u8] = b".cnf.xml";

/// What a file is to a phone; `name` may have a directory in front.
pub fn phone_file(name: &str) -> PhoneFile {
    // Asked of every file that a capture carries, several times: bytes, and no copy.
    let name = base_name(name).as_bytes();
    let is_like =
        |part: Option<&[u8]>, word: &[u8]| part.is_some_and(|part| part.eq_ignore_ascii_case(word));
    let is_list = is_like(name.last_chunk::<4>().map(<[u8; 4]>::as_slice), b".tlv");
    if is_list && is_like(name.get(..3), b"ctl") {
        PhoneFile::Ctl
    } else if is_list && is_like(name.get(..3), b"itl") {
        PhoneFile::Itl
    } else if name.windows(CONFIGURATION.len()).any(|part| is_like(Some(part), CONFIGURATION)) {
        PhoneFile::Configuration
    } else {
        PhoneFile::Other
    }
}

/// The name without directories: `SEP001122334455.cnf.xml` for `/SEP001122334455.cnf.xml`.
pub fn base_name(name: &str) -> &str {
    let slash = name.bytes().rposition(|byte| matches!(byte, b'/' | b'\\'));
    slash.and_then(|slash| name.get(slash + 1..)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_of_the_files_they_fetch() {
        let sep = Some("SEP001122334455".to_owned());
        assert_eq!(device_of_file("SEP001122334455.cnf.xml.sgn"), sep);
        assert_eq!(device_of_file("ITLSEP001122334455.tlv"), sep);
        assert_eq!(device_of_file("dir/CTLSEP001122334455.tlv"), sep);
        assert_eq!(device_of_file("ITLFile.tlv"), None);
        assert_eq!(device_of_file("SEP00112233445.cnf.xml"), None);
    }

    #[test]
    fn what_files_are_to_a_phone() {
        assert_eq!(phone_file("/CTLSEP001122334455.tlv"), PhoneFile::Ctl);
        assert_eq!(phone_file("ITLFile.tlv"), PhoneFile::Itl);
        assert_eq!(phone_file("XMLDefault.cnf.xml"), PhoneFile::Configuration);
        assert_eq!(phone_file("SEP001122334455.cnf.xml.sgn"), PhoneFile::Configuration);
        assert_eq!(phone_file("itl/g3-tones.xml.sgn"), PhoneFile::Other);
        assert_eq!(phone_file("other.tlv"), PhoneFile::Other);
    }
}
