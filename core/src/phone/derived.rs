//! What many findings ask of the facts, worked out once for a report.

use core::cell::OnceCell;
use core::fmt;
use core::ops::Deref;

use crate::evidence::exchanges::Exchanges;
use crate::evidence::facts::{CaptureFacts, Facts};
use crate::evidence::timeline::Clocks;
use crate::evidence::tms::Tms;
use crate::phone::boot::{Boot, boots_of};
use crate::phone::log::{PhoneLog, logs};
use crate::phone::received::{Received, received};
use crate::phone::service::{Presented, presented};
use crate::phone::simulate::{Forecast, forecasts};
use crate::phone::vouching::{Vouching, vouchings};

/// What only the whole scope asks for: given back through a table, so that the page's first engine does not carry how.
trait Holds<T>: fmt::Debug {
    fn held(&self) -> &T;
}

impl<T: fmt::Debug> Holds<T> for T {
    fn held(&self) -> &T {
        self
    }
}

/// The facts, and what follows from them; each made when it is first asked for.
#[derive(Debug)]
pub struct Derived<'f> {
    facts: &'f Facts<'f>,
    boots: OnceCell<Vec<Vec<Boot<'f, 'f>>>>,
    clocks: OnceCell<Box<dyn Holds<Clocks>>>,
    exchanges: OnceCell<Vec<Exchanges<'f>>>,
    forecasts: OnceCell<Vec<Forecast<'f, 'f>>>,
    logs: OnceCell<Vec<PhoneLog<'f>>>,
    presented: OnceCell<Vec<Presented<'f, 'f>>>,
    received: OnceCell<Vec<Received>>,
    tms: OnceCell<Box<dyn Holds<Tms>>>,
    vouchings: OnceCell<Vec<Vouching<'f>>>,
}

impl<'f> Derived<'f> {
    /// Nothing is worked out yet.
    pub fn of(facts: &'f Facts<'f>) -> Self {
        Self {
            facts,
            boots: OnceCell::new(),
            clocks: OnceCell::new(),
            exchanges: OnceCell::new(),
            forecasts: OnceCell::new(),
            logs: OnceCell::new(),
            presented: OnceCell::new(),
            received: OnceCell::new(),
            tms: OnceCell::new(),
            vouchings: OnceCell::new(),
        }
    }

    /// Boots of each capture, in the order of `captures`.
    fn all_boots(&self) -> &[Vec<Boot<'f, 'f>>] {
        self.boots.get_or_init(|| self.facts.captures.iter().map(boots_of).collect())
    }

    /// Boots of all captures, by capture, then by address.
    pub fn boots(&self) -> impl Iterator<Item = &Boot<'f, 'f>> {
        self.all_boots().iter().flatten()
    }

    /// Each capture with its boots.
    pub fn captures_with_boots(
        &self,
    ) -> impl Iterator<Item = (&'f CaptureFacts<'f>, &[Boot<'f, 'f>])> {
        self.facts.captures.iter().zip(self.all_boots().iter().map(Vec::as_slice))
    }

    /// The clocks of logs beside those of captures.
    pub fn clocks(&self) -> &Clocks {
        self.clocks.get_or_init(|| Box::new(Clocks::of(self.facts))).as_ref().held()
    }

    /// HTTP requests of each capture, in the order of `captures`.
    fn exchanges(&self) -> &[Exchanges<'f>] {
        let all = || self.facts.captures.iter().map(|one| Exchanges::of(&one.content.capture));
        self.exchanges.get_or_init(|| all().collect())
    }

    /// Each capture with its HTTP requests.
    pub fn captures_with_exchanges(
        &self,
    ) -> impl Iterator<Item = (&'f CaptureFacts<'f>, &Exchanges<'f>)> {
        self.facts.captures.iter().zip(self.exchanges())
    }

    /// What phones do with the lists that servers offer, see [`forecasts`].
    pub fn forecasts(&self) -> &[Forecast<'f, 'f>] {
        self.forecasts.get_or_init(|| forecasts(self.facts))
    }

    /// What the inputs say about TMS.
    pub fn tms(&self) -> &Tms {
        let tms = self.tms.get_or_init(|| Box::new(Tms::of(self.facts, self.exchanges())));
        tms.as_ref().held()
    }

    /// What phones say, see [`logs`].
    pub fn logs(&self) -> &[PhoneLog<'f>] {
        self.logs.get_or_init(|| logs(self.facts))
    }

    /// Certificates that TVS and CAPF show, see [`presented`].
    pub fn presented(&self) -> &[Presented<'f, 'f>] {
        self.presented.get_or_init(|| presented(self.facts, self.all_boots()))
    }

    /// Lengths that phones say they received, see [`received`].
    pub fn received(&self) -> &[Received] {
        self.received.get_or_init(|| received(self.facts, self.logs()))
    }

    /// Questions to TVS with their answers, see [`vouchings`].
    pub fn vouchings(&self) -> &[Vouching<'f>] {
        self.vouchings.get_or_init(|| vouchings(self.facts))
    }
}

impl<'f> Deref for Derived<'f> {
    type Target = Facts<'f>;

    fn deref(&self) -> &Facts<'f> {
        self.facts
    }
}
