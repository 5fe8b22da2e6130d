//! Files that were carried: kept while they come, handed out when they are whole.

use std::collections::BTreeMap;

use crate::limits;
use crate::proto::transfer::{Transfer, TransferEvent, TransferStatus};
use crate::tlv::header::looks_like_header;

/// A file that was carried whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedFile {
    /// The number that its transfer names.
    pub number: u32,
    /// The last part of the name that was asked for.
    pub name: String,
    /// The packet that completes it.
    pub frame: u64,
    /// SHA-256 of the bytes, where it was computed as they came.
    pub sha256: Option<[u8; 32]>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Which parser of which connection counts a transfer: 0 is TFTP, others are connections.
pub(super) type Owner = u64;

/// Keeps what comes.
#[derive(Debug, Default)]
pub(super) struct Files {
    coming: BTreeMap<(Owner, u64), Coming>,
    held: usize,
    ready: Vec<CarriedFile>,
    numbered: u32,
    /// Whose file the last bytes belonged to, if it is of no interest.
    useless: Option<Owner>,
    /// Whole files that were not handed out.
    pub(super) left_out: u64,
}

#[derive(Debug)]
enum Coming {
    Kept(Vec<u8>),
    /// It is nothing that would be read, or too large.
    Dropped {
        of_interest: bool,
    },
}

impl Files {
    /// Takes an event of a transfer. At its end: all that is known of it, and the number of its file.
    pub(super) fn take(
        &mut self,
        owner: Owner,
        event: &TransferEvent<'_>,
    ) -> Option<(Transfer, Option<u32>)> {
        match event {
            TransferEvent::Begins { id, .. } => {
                if self.coming.len() < limits::CAPTURE_FILES_COMING {
                    self.coming.insert((owner, *id), Coming::Kept(Vec::new()));
                }
                None
            }
            TransferEvent::Data { id, bytes } => {
                if let Some(coming) = self.coming.get_mut(&(owner, *id)) {
                    self.held = add(coming, bytes, self.held);
                    let useless = matches!(coming, Coming::Dropped { of_interest: false });
                    self.useless = useless.then_some(owner);
                }
                None
            }
            TransferEvent::Ends { id, transfer } => {
                let coming = self.coming.remove(&(owner, *id));
                let number = self.end(coming, transfer);
                Some(((*transfer).clone(), number))
            }
        }
    }

    /// The last bytes were an owner's, and belong to a file that is of no interest. Said once.
    pub(super) fn is_useless(&mut self, owner: Owner) -> bool {
        self.useless.take_if(|useless| *useless == owner).is_some()
    }

    /// What is complete, in order.
    pub(super) fn ready(&mut self) -> Vec<CarriedFile> {
        for file in &self.ready {
            self.held = self.held.saturating_sub(file.bytes.len());
        }
        core::mem::take(&mut self.ready)
    }

    fn end(&mut self, coming: Option<Coming>, transfer: &Transfer) -> Option<u32> {
        let whole = transfer.status == TransferStatus::Complete;
        match coming {
            Some(Coming::Kept(bytes))
                if whole && bytes.len() as u64 == transfer.bytes && is_of_interest(&bytes) =>
            {
                self.numbered += 1;
                let name = transfer.name.rsplit('/').next().unwrap_or(&transfer.name);
                self.ready.push(CarriedFile {
                    number: self.numbered,
                    name: name.to_owned(),
                    frame: transfer.ends.frame,
                    sha256: transfer.sha256,
                    bytes,
                });
                Some(self.numbered)
            }
            Some(Coming::Kept(bytes)) => {
                self.held = self.held.saturating_sub(bytes.len());
                None
            }
            Some(Coming::Dropped { of_interest: true }) | None if whole => {
                self.left_out += 1;
                None
            }
            _ => None,
        }
    }
}

/// Adds bytes to a file; the bytes that all files hold now.
fn add(coming: &mut Coming, bytes: &[u8], held: usize) -> usize {
    let Coming::Kept(kept) = coming else { return held };
    let length = kept.len();
    let fits = length + bytes.len() <= limits::CAPTURE_FILE_BYTES
        && held + bytes.len() <= limits::CAPTURE_FILES_BYTES;
    // A decision needs a few bytes; firmware and tones need no place after that.
    let unknown = length < HEAD;
    if fits && (unknown || is_of_interest(kept)) {
        kept.extend_from_slice(bytes);
        if !unknown || kept.len() < HEAD || is_of_interest(kept) {
            return held + bytes.len();
        }
        let length = kept.len();
        *coming = Coming::Dropped { of_interest: false };
        return (held + bytes.len()).saturating_sub(length);
    }
    let of_interest = is_of_interest(kept);
    *coming = Coming::Dropped { of_interest };
    held.saturating_sub(length)
}

/// Bytes after which it is known whether a file is of interest.
const HEAD: usize = 16;

/// The first bytes are those of a trust list, a signed file, XML, a certificate, or of text in PEM; or there are none:
/// an empty trust list has a meaning of its own.
fn is_of_interest(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    bytes.is_empty()
        || looks_like_header(bytes)
        || text.starts_with(b"<")
        || text.starts_with(b"-----BEGIN")
        || matches!(bytes, [0x30, 0x80..=0x84, ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::Place;
    use crate::proto::transfer::{Operation, Protocol};

    fn transfer(status: TransferStatus) -> Transfer {
        Transfer {
            protocol: Protocol::Tftp,
            operation: Operation::Read,
            name: "folder/SEP001122334455.cnf.xml".to_owned(),
            client: None,
            server: None,
            status,
            bytes: 0,
            announced: None,
            sha256: None,
            begins: Place::default(),
            ends: Place { frame: 9, ..Place::default() },
        }
    }

    fn carried(
        files: &mut Files,
        id: u64,
        pieces: &[&[u8]],
        status: TransferStatus,
    ) -> Option<u32> {
        let mut transfer = transfer(status);
        transfer.bytes = pieces.iter().map(|piece| piece.len() as u64).sum();
        files.take(1, &TransferEvent::Begins { id, transfer: &transfer });
        for bytes in pieces {
            files.take(1, &TransferEvent::Data { id, bytes });
        }
        files.take(1, &TransferEvent::Ends { id, transfer: &transfer }).unwrap().1
    }

    #[test]
    fn whole_files_that_can_be_read_are_handed_out() {
        let mut files = Files::default();
        let complete = TransferStatus::Complete;
        assert_eq!(carried(&mut files, 1, &[b"<dev", b"ice/>"], complete.clone()), Some(1));
        assert_eq!(carried(&mut files, 2, &[b"<dev"], TransferStatus::Incomplete), None);
        assert_eq!(
            carried(&mut files, 3, &[b"firmware", &[7; 100], &[7; 100]], complete.clone()),
            None
        );
        assert_eq!(carried(&mut files, 4, &[], complete.clone()), Some(2));
        let large = vec![b'<'; limits::CAPTURE_FILE_BYTES];
        assert_eq!(carried(&mut files, 5, &[&large, b"<"], complete), None);
        assert_eq!(files.left_out, 1);
        let ready = files.ready();
        assert_eq!(ready.len(), 2);
        assert_eq!(ready[0].name, "SEP001122334455.cnf.xml");
        assert_eq!((ready[0].number, ready[0].frame), (1, 9));
        assert_eq!(ready[0].bytes, b"<device/>");
        assert_eq!(ready[1].bytes, b"");
        assert_eq!((files.held, files.coming.len()), (0, 0));
    }

    #[test]
    fn what_all_files_hold_is_capped() {
        let mut files = Files::default();
        let part = vec![b'<'; limits::CAPTURE_FILE_BYTES];
        let room = limits::CAPTURE_FILES_BYTES / limits::CAPTURE_FILE_BYTES;
        for id in 0..2 * room as u64 {
            let number = carried(&mut files, id, &[&part], TransferStatus::Complete);
            assert_eq!(number.is_some(), id < room as u64, "{id}");
            assert!(files.held <= limits::CAPTURE_FILES_BYTES);
        }
        assert_eq!(files.left_out, room as u64);
        assert_eq!(files.ready().len(), room);
        assert_eq!(files.held, 0);
    }
}
