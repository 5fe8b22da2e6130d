//! UTC seconds and their text, without a clock.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z; negative before.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct UnixTime(pub i64);

/// Seconds of a day.
pub const DAY: i64 = 86_400;

impl UnixTime {
    /// Days from `self` until `other`, rounded down.
    pub fn days_until(self, other: Self) -> i64 {
        other.0.saturating_sub(self.0).div_euclid(DAY)
    }

    /// Seconds after `self`.
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// From the parts of a UTC date; `None` when they are no date.
    pub fn from_parts(
        year: i64,
        month: u8,
        day: u8,
        hour: u8,
        minute: u8,
        second: u8,
    ) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if day == 0 || day > days || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        if !(-9999..=9999).contains(&year) {
            return None;
        }
        // Days since the epoch, counted in years that begin in March (Howard Hinnant's method).
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let month_from_march = (i64::from(month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Some(Self(days * DAY + seconds))
    }

    /// Reads `2026-11-20`, `2026-11-20T10:00:00Z` or whole seconds since 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(seconds) = text.parse::<i64>() {
            return Some(Self(seconds));
        }
        let (date, clock) = match text.split_once(['T', ' ']) {
            Some((date, clock)) => (date, clock.strip_suffix('Z').unwrap_or(clock)),
            None => (text, "00:00:00"),
        };
        let mut date = date.split('-');
        let year = date.next()?.parse().ok()?;
        let month = date.next()?.parse().ok()?;
        let day = date.next()?.parse().ok()?;
        let mut clock = clock.split(':');
        let hour = clock.next()?.parse().ok()?;
        let minute = clock.next()?.parse().ok()?;
        let second = clock.next().unwrap_or("0").parse().ok()?;
        if date.next().is_some() || clock.next().is_some() {
            return None;
        }
        Self::from_parts(year, month, day, hour, minute, second)
    }

    /// Year, month, day, hour, minute, second in UTC.
    pub fn parts(self) -> (i64, u8, u8, u8, u8, u8) {
        let days = self.0.div_euclid(DAY);
        let seconds = self.0.rem_euclid(DAY);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let small = |value: i64| u8::try_from(value).unwrap_or(u8::MAX);
        (
            year,
            small(month),
            small(day),
            small(seconds / 3600),
            small(seconds / 60 % 60),
            small(seconds % 60),
        )
    }
}

impl UnixTime {
    /// `2026-11-20T00:00:00`, ASCII; `None` for years that four digits do not hold. A report on a capture has ten thousands of times:
    /// the machinery of formatting takes ten times as long for one.
    fn digits(self) -> Option<[u8; 19]> {
        let (year, month, day, hour, minute, second) = self.parts();
        let year = u16::try_from(year).ok().filter(|year| *year < 10_000)?;
        let two = |number: u8| [b'0' + number / 10, b'0' + number % 10];
        let [a, b] = two(u8::try_from(year / 100).ok()?);
        let [c, d] = two(u8::try_from(year % 100).ok()?);
        let [e, g] = two(month);
        let [h, i] = two(day);
        let [j, k] = two(hour);
        let [l, m] = two(minute);
        let [n, o] = two(second);
        Some([a, b, c, d, b'-', e, g, b'-', h, i, b'T', j, k, b':', l, m, b':', n, o])
    }

    /// `2026-11-20T00:00:00.000001Z`, with `micros` millionths of a second.
    ///
    /// # Errors
    /// Those of `f`.
    pub(crate) fn write_micros(self, micros: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits() {
            Some(digits) => f.write_str(core::str::from_utf8(&digits).unwrap_or_default())?,
            None => {
                let whole = self.to_string();
                f.write_str(whole.strip_suffix('Z').unwrap_or(&whole))?;
            }
        }
        let digit =
            |place: u32| u8::try_from(micros / place % 10).map_or(b'0', |digit| b'0' + digit);
        let [a, b, c, d, e, g] = [100_000, 10_000, 1_000, 100, 10, 1].map(digit);
        f.write_str(core::str::from_utf8(&[b'.', a, b, c, d, e, g, b'Z']).unwrap_or_default())
    }
}

/// RFC 3339 in UTC: `2026-11-20T00:00:00Z`.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(digits) = self.digits() {
            f.write_str(core::str::from_utf8(&digits).unwrap_or_default())?;
            return f.write_str("Z");
        }
        let (year, month, day, hour, minute, second) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_round() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2026-11-20T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "1950-01-01T00:00:00Z",
        ] {
            assert_eq!(UnixTime::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(UnixTime::parse("2011-07-27T14:16:24Z"), Some(UnixTime(1_311_776_184)));
        assert_eq!(UnixTime::parse("2026-02-29"), None);
        assert_eq!(UnixTime::parse("86400").unwrap().to_string(), "1970-01-02T00:00:00Z");
    }
}
