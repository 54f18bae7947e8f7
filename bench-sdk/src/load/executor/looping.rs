//! `constant-vus`: loop until the duration ends.

use std::rc::Rc;

use super::crew::{Crew, Member};
use crate::load::target::Target;

/// Runs iterations one after the other until that instant.
pub(super) async fn until<T: Target>(crew: &Crew<T>, member: &mut Member<T::User>, until_ns: u64) {
    while crew.may_start(until_ns) {
        crew.iterate(member, crew.next_number(), None).await;
    }
}

/// A virtual user's whole life in `constant-vus`.
pub(super) async fn constant<T: Target>(crew: Rc<Crew<T>>, mut member: Member<T::User>) {
    let _at_work = super::conduct::at_work(&crew.common);
    until(&crew, &mut member, crew.ends_ns()).await;
}
