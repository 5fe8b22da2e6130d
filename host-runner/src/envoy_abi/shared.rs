//! What all VMs of one host share: data by key, and metrics.

use std::collections::BTreeMap;

use super::status::Status;

/// Bytes that shared data may take, keys included: a filter that never forgets is stopped here, not by the system.
const SHARED_BYTES: usize = 64 << 20;

/// Metrics of one host.
const METRICS: usize = 100_000;

/// Values that are kept of one histogram; the count goes on.
const HISTOGRAM_VALUES: usize = 100_000;

/// One metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name, without Envoy's prefix `wasmcustom.`.
    pub name: String,
    /// What kind it is.
    pub kind: MetricKind,
    /// Counter: the sum. Gauge: the last value. Histogram: how many values were recorded.
    pub value: u64,
    /// The values of a histogram, in order.
    pub recorded: Vec<u64>,
}

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// A distribution.
    Histogram,
}

impl MetricKind {
    fn from_abi(kind: u32) -> Result<Self, Status> {
        match kind {
            0 => Ok(Self::Counter),
            1 => Ok(Self::Gauge),
            2 => Ok(Self::Histogram),
            _ => Err(Status::BadArgument),
        }
    }
}

/// What all VMs share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    data: BTreeMap<Vec<u8>, (Vec<u8>, u32)>,
    data_bytes: usize,
    last_cas: u32,
    metrics: Vec<Metric>,
}

impl Shared {
    /// The value under `key` and the number that a later [`Shared::set`] may demand.
    pub(super) fn data(&self, key: &[u8]) -> Option<(&[u8], u32)> {
        self.data.get(key).map(|(value, cas)| (value.as_slice(), *cas))
    }

    /// Sets a value; with a `cas` other than 0 only if the value has not changed since.
    pub(super) fn set(&mut self, key: &[u8], value: &[u8], cas: u32) -> Result<(), Status> {
        let current = self.data.get(key);
        if let Some((_, own)) = current
            && cas != 0
            && cas != *own
        {
            return Err(Status::CasMismatch);
        }
        let old = current.map_or(0, |(value, _)| key.len() + value.len());
        let bytes = self.data_bytes - old + key.len() + value.len();
        if bytes > SHARED_BYTES {
            return Err(Status::BadArgument);
        }
        self.data_bytes = bytes;
        self.last_cas = self.last_cas.wrapping_add(1).max(1);
        self.data.insert(key.to_vec(), (value.to_vec(), self.last_cas));
        Ok(())
    }

    /// The number of the metric `name`; the same for the same name and kind.
    pub(super) fn define(&mut self, kind: u32, name: &[u8]) -> Result<u32, Status> {
        let kind = MetricKind::from_abi(kind)?;
        let name = String::from_utf8_lossy(name).into_owned();
        let known =
            self.metrics.iter().position(|metric| metric.name == name && metric.kind == kind);
        let index = match known {
            Some(index) => index,
            None if self.metrics.len() >= METRICS => return Err(Status::BadArgument),
            None => {
                self.metrics.push(Metric { name, kind, value: 0, recorded: Vec::new() });
                self.metrics.len() - 1
            }
        };
        u32::try_from(index + 1).map_err(|_| Status::BadArgument)
    }

    pub(super) fn increment(&mut self, id: u32, offset: i64) -> Result<(), Status> {
        let metric = self.metric_mut(id)?;
        match metric.kind {
            MetricKind::Counter if offset < 0 => Err(Status::BadArgument),
            MetricKind::Counter | MetricKind::Gauge => {
                metric.value = metric.value.saturating_add_signed(offset);
                Ok(())
            }
            MetricKind::Histogram => Err(Status::BadArgument),
        }
    }

    pub(super) fn record(&mut self, id: u32, value: u64) -> Result<(), Status> {
        let metric = self.metric_mut(id)?;
        match metric.kind {
            MetricKind::Counter => metric.value = metric.value.saturating_add(value),
            MetricKind::Gauge => metric.value = value,
            MetricKind::Histogram => {
                metric.value = metric.value.saturating_add(1);
                if metric.recorded.len() < HISTOGRAM_VALUES {
                    metric.recorded.push(value);
                }
            }
        }
        Ok(())
    }

    pub(super) fn metric_value(&mut self, id: u32) -> Result<u64, Status> {
        let metric = self.metric_mut(id)?;
        if metric.kind == MetricKind::Histogram {
            Err(Status::BadArgument)
        } else {
            Ok(metric.value)
        }
    }

    /// The name of a metric.
    pub(super) fn name(&self, id: u32) -> Option<String> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        self.metrics.get(index).map(|metric| metric.name.clone())
    }

    pub(super) fn metrics(&self) -> Vec<Metric> {
        self.metrics.clone()
    }

    fn metric_mut(&mut self, id: u32) -> Result<&mut Metric, Status> {
        let index =
            usize::try_from(id).ok().and_then(|id| id.checked_sub(1)).ok_or(Status::NotFound)?;
        self.metrics.get_mut(index).ok_or(Status::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_set_only_when_unchanged() {
        let mut shared = Shared::default();
        assert_eq!(shared.data(b"k"), None);
        assert_eq!(shared.set(b"k", b"1", 0), Ok(()));
        let (_, cas) = shared.data(b"k").unwrap();
        assert_eq!(shared.set(b"k", b"2", cas), Ok(()));
        assert_eq!(shared.set(b"k", b"3", cas), Err(Status::CasMismatch));
        assert_eq!(shared.data(b"k").unwrap().0, b"2");
        assert_eq!(shared.set(b"large", &vec![0; SHARED_BYTES], 0), Err(Status::BadArgument));
        assert_eq!(shared.data_bytes, 2);
    }

    #[test]
    fn metrics_count_by_kind() {
        let mut shared = Shared::default();
        let counter = shared.define(0, b"c").unwrap();
        let gauge = shared.define(1, b"g").unwrap();
        let histogram = shared.define(2, b"h").unwrap();
        assert_eq!(shared.define(0, b"c"), Ok(counter));
        assert_eq!(shared.define(3, b"x"), Err(Status::BadArgument));
        assert_eq!(shared.increment(counter, 2), Ok(()));
        assert_eq!(shared.increment(counter, -1), Err(Status::BadArgument));
        assert_eq!(shared.record(gauge, 9), Ok(()));
        assert_eq!(shared.increment(gauge, -4), Ok(()));
        assert_eq!(shared.record(histogram, 7), Ok(()));
        assert_eq!(shared.increment(histogram, 1), Err(Status::BadArgument));
        assert_eq!(shared.metric_value(counter), Ok(2));
        assert_eq!(shared.metric_value(gauge), Ok(5));
        assert_eq!(shared.metric_value(histogram), Err(Status::BadArgument));
        assert_eq!(shared.metric_value(0), Err(Status::NotFound));
        assert_eq!(shared.metric_value(4), Err(Status::NotFound));
        assert_eq!(shared.metrics()[2].recorded, [7]);
    }
}
