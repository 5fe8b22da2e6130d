//! Capture files: pcap and pcapng, in both byte orders, with clocks of any resolution.
#![allow(clippy::expect_used, reason = "what tests write is small")]

/// A packet to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Nanoseconds since 1970.
    pub time: u64,
    /// The frame.
    pub bytes: Vec<u8>,
}

/// Byte order of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
}

impl Order {
    /// Two bytes.
    pub fn two(self, value: u16) -> [u8; 2] {
        match self {
            Self::Big => value.to_be_bytes(),
            Self::Little => value.to_le_bytes(),
        }
    }

    /// Four bytes.
    pub fn four(self, value: u32) -> [u8; 4] {
        match self {
            Self::Big => value.to_be_bytes(),
            Self::Little => value.to_le_bytes(),
        }
    }
}

/// A pcap file; packets longer than `longest` are cut.
pub fn pcap(
    records: &[Record],
    order: Order,
    nanoseconds: bool,
    link: u32,
    longest: usize,
) -> Vec<u8> {
    let mut file = Vec::new();
    let four = |value: u64| order.four(u32::try_from(value).expect("fits"));
    file.extend(four(if nanoseconds { 0xa1b2_3c4d } else { 0xa1b2_c3d4 }));
    file.extend(order.two(2));
    file.extend(order.two(4));
    file.extend([0; 8]);
    file.extend(four(longest as u64));
    file.extend(four(u64::from(link)));
    let unit = if nanoseconds { 1 } else { 1_000 };
    for record in records {
        let captured = record.bytes.get(..longest).unwrap_or(&record.bytes);
        file.extend(four(record.time / 1_000_000_000));
        file.extend(four(record.time % 1_000_000_000 / unit));
        file.extend(four(captured.len() as u64));
        file.extend(four(record.bytes.len() as u64));
        file.extend(captured);
    }
    file
}

/// Writes a pcapng file, block by block.
#[derive(Clone, Debug)]
pub struct PcapNg {
    order: Order,
    /// What was written.
    pub file: Vec<u8>,
}

impl PcapNg {
    /// A file with one section.
    pub fn new(order: Order) -> Self {
        let mut file = Self { order, file: Vec::new() };
        file.section(order);
        file
    }

    /// A section header; what follows is in its byte order.
    pub fn section(&mut self, order: Order) {
        self.order = order;
        let mut body = order.four(0x1a2b_3c4d).to_vec();
        body.extend(order.two(1));
        body.extend(order.two(0));
        body.extend([0xff; 8]);
        self.block(0x0a0d_0d0a, &body);
    }

    /// Any block; the body is padded.
    pub fn block(&mut self, kind: u32, body: &[u8]) {
        let padded = body.len().next_multiple_of(4);
        let length = self.order.four(u32::try_from(12 + padded).expect("fits"));
        self.file.extend(self.order.four(kind));
        self.file.extend(length);
        self.file.extend(body);
        self.file.resize(self.file.len() + padded - body.len(), 0);
        self.file.extend(length);
    }

    /// An interface; `resolution` as in the option if_tsresol.
    pub fn interface(
        &mut self,
        link: u16,
        longest: u32,
        resolution: Option<u8>,
        offset: Option<i64>,
    ) {
        let order = self.order;
        let mut body = order.two(link).to_vec();
        body.extend([0, 0]);
        body.extend(order.four(longest));
        if let Some(resolution) = resolution {
            body.extend(order.two(9));
            body.extend(order.two(1));
            body.extend([resolution, 0, 0, 0]);
        }
        if let Some(offset) = offset {
            body.extend(order.two(14));
            body.extend(order.two(8));
            body.extend(match order {
                Order::Big => offset.to_be_bytes(),
                Order::Little => offset.to_le_bytes(),
            });
        }
        body.extend([0; 4]);
        self.block(1, &body);
    }

    /// An enhanced packet, with the time in units of its interface.
    pub fn packet(&mut self, interface: u32, ticks: u64, bytes: &[u8]) {
        let order = self.order;
        let mut body = order.four(interface).to_vec();
        body.extend(self.ticks(ticks));
        body.extend(self.lengths(bytes));
        self.block(6, &body);
    }

    /// The obsolete packet block.
    pub fn old_packet(&mut self, interface: u16, ticks: u64, bytes: &[u8]) {
        let order = self.order;
        let mut body = order.two(interface).to_vec();
        body.extend(order.two(0xffff));
        body.extend(self.ticks(ticks));
        body.extend(self.lengths(bytes));
        self.block(2, &body);
    }

    /// A simple packet, of which `longest` bytes are in the file.
    pub fn simple_packet(&mut self, bytes: &[u8], longest: usize) {
        let mut body = self.order.four(u32::try_from(bytes.len()).expect("fits")).to_vec();
        body.extend(bytes.get(..longest).unwrap_or(bytes));
        self.block(3, &body);
    }

    /// A key log.
    pub fn secrets(&mut self, text: &[u8]) {
        let mut body = self.order.four(0x544c_534b).to_vec();
        body.extend(self.order.four(u32::try_from(text.len()).expect("fits")));
        body.extend(text);
        self.block(10, &body);
    }

    fn ticks(&self, ticks: u64) -> Vec<u8> {
        let high = u32::try_from(ticks >> 32).expect("fits");
        let low = u32::try_from(ticks & 0xffff_ffff).expect("fits");
        [self.order.four(high), self.order.four(low)].concat()
    }

    fn lengths(&self, bytes: &[u8]) -> Vec<u8> {
        let length = self.order.four(u32::try_from(bytes.len()).expect("fits"));
        [&length, &length, bytes].concat()
    }
}

/// A pcapng file with one Ethernet interface that counts microseconds.
pub fn pcapng(records: &[Record], order: Order) -> Vec<u8> {
    let mut file = PcapNg::new(order);
    file.interface(1, 0, None, None);
    for record in records {
        file.packet(0, record.time / 1_000, &record.bytes);
    }
    file.file
}
