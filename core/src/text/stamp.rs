//! Times as logs print them: often without year, zone, or even date.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::time::UnixTime;

/// A time as it was printed. What is not there is not guessed: a time without date, year or zone joins others only through an
/// event that both saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Year, where it was printed.
    pub year: Option<i32>,
    /// Month from 1 and day from 1, where they were printed.
    pub date: Option<(u8, u8)>,
    /// Seconds since midnight.
    pub seconds: u32,
    /// Millionths of a second.
    pub micros: u32,
    /// Minutes east of UTC, where a zone was printed.
    pub zone: Option<i16>,
}

/// What was printed, in one form: `2022-07-11 16:55:26.016`, without what was not there.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(year) = self.year {
            write!(f, "{year:04}-")?;
        }
        if let Some((month, day)) = self.date {
            write!(f, "{month:02}-{day:02} ")?;
        }
        let (minutes, second) = (self.seconds / 60, self.seconds % 60);
        write!(f, "{:02}:{:02}:{second:02}", minutes / 60, minutes % 60)?;
        if self.micros > 0 {
            let digits = format!("{:06}", self.micros);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        match self.zone {
            Some(zone) => {
                let sign = if zone < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", zone.abs() / 60, zone.abs() % 60)
            }
            None => Ok(()),
        }
    }
}

impl Stamp {
    /// The moment, when year, date and zone are known.
    pub fn utc(&self) -> Option<UnixTime> {
        let local = self.local(self.year?)?;
        Some(local.plus(-60 * i64::from(self.zone?)))
    }

    /// What the clock showed, as if it showed UTC in `year`; `None` without a date.
    pub fn local(&self, year: i32) -> Option<UnixTime> {
        let (month, day) = self.date?;
        let midnight = UnixTime::from_parts(i64::from(year), month, day, 0, 0, 0)?;
        Some(midnight.plus(i64::from(self.seconds)))
    }

    /// Reads `hh:mm:ss`, also with a fraction behind `.` or `,`; the rest of the text is returned with it.
    pub fn clock(text: &str) -> Option<(Self, &str)> {
        let [h, hh, b':', m, mm, b':', s, ss, ..] = *text.as_bytes() else { return None };
        let (hour, minute, second) = (two(h, hh)?, two(m, mm)?, two(s, ss)?);
        // A leap second is 60.
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut text = text.get(8..)?;
        let mut micros = 0;
        if let [b'.' | b',', fraction @ ..] = text.as_bytes() {
            let mut scale = 100_000;
            let mut length = 0_usize;
            for digit in fraction.iter().take_while(|byte| byte.is_ascii_digit()) {
                micros += u32::from(digit - b'0') * scale;
                scale /= 10;
                length = length.saturating_add(1);
            }
            if length > 0 {
                text = text.get(length.saturating_add(1)..)?;
            }
        }
        let seconds = hour * 3600 + minute * 60 + second;
        Some((Self { seconds, micros, ..Self::default() }, text))
    }
}

/// The number of two digits.
fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// The number in the first `count` characters, which are digits, at most nine, and what follows.
pub fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let mut number = 0_u32;
    for byte in text.as_bytes().get(..count)? {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u32::from(digit))?;
    }
    Some((number, text.get(count..)?))
}

/// Month from 1 of an English abbreviation of three letters, in any case.
pub fn month(text: &str) -> Option<u8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let index = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(text))?;
    u8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_hours_minutes_seconds_and_perhaps_a_fraction() {
        let (stamp, rest) = Stamp::clock("06:33:59.403731 SECUREAPP-").unwrap();
        assert_eq!((stamp.seconds, stamp.micros, rest), (23_639, 403_731, " SECUREAPP-"));
        let (stamp, rest) = Stamp::clock("16:55:26,5").unwrap();
        assert_eq!((stamp.seconds, stamp.micros, rest), (60_926, 500_000, ""));
        let (stamp, rest) = Stamp::clock("23:59:60.").unwrap();
        assert_eq!((stamp.seconds, stamp.micros, rest), (86_400, 0, "."));
        for bad in ["", "24:00:00", "1:02:03", "01:60:00", "01:02", "é1:02:03"] {
            assert_eq!(Stamp::clock(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_moment_needs_year_date_and_zone() {
        let mut stamp =
            Stamp { date: Some((7, 11)), seconds: 60_926, zone: Some(120), ..Stamp::default() };
        assert_eq!(stamp.utc(), None);
        stamp.year = Some(2022);
        assert_eq!(stamp.utc(), UnixTime::parse("2022-07-11T14:55:26Z"));
        assert_eq!(stamp.local(2024), UnixTime::parse("2024-07-11T16:55:26Z"));
        stamp.date = Some((2, 30));
        assert_eq!(stamp.utc(), None);
    }

    #[test]
    fn months_are_english_and_short() {
        assert_eq!((month("Jan"), month("DEC"), month("Mai")), (Some(1), Some(12), None));
    }
}
