//! Numbers at fixed places of packet headers: `None` where the packet ends before.
//!
//! Each packet takes dozens of them. The page is built for size, where the compiler would make each one a call.

/// The byte order of a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Big,
    Little,
}

impl Order {
    #[inline(always)]
    pub(super) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let field = array::<2>(bytes, at)?;
        Some(match self {
            Self::Big => u16::from_be_bytes(field),
            Self::Little => u16::from_le_bytes(field),
        })
    }

    #[inline(always)]
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let field = array::<4>(bytes, at)?;
        Some(match self {
            Self::Big => u32::from_be_bytes(field),
            Self::Little => u32::from_le_bytes(field),
        })
    }

    pub(super) fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let field = array::<8>(bytes, at)?;
        Some(match self {
            Self::Big => u64::from_be_bytes(field),
            Self::Little => u64::from_le_bytes(field),
        })
    }
}

/// Two bytes in network order.
#[inline(always)]
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Order::Big.u16(bytes, at)
}

/// Four bytes in network order.
#[inline(always)]
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Order::Big.u32(bytes, at)
}

/// `N` bytes as they stand.
#[inline(always)]
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}
