//! Mains or battery.

use super::root::{Reading, Root};

const SUPPLIES: &str = "/sys/class/power_supply";

/// What feeds the machine, or could.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Supply {
    Mains { online: bool },
    Usb { online: bool },
    Battery(Charge),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Charge {
    Falling,
    Held,
    Unknown,
}

/// `mains` or `battery`.
pub(super) fn power_source(root: &Root) -> Reading<String> {
    let names = root.names(SUPPLIES);
    let supplies: Vec<Supply> = names.iter().filter_map(|name| supply(root, name)).collect();
    source(&supplies).map(str::to_owned).ok_or_else(|| {
        let reason = if supplies.is_empty() {
            "no power supply is listed, as is usual for servers, desktops and virtual machines"
        } else {
            "the power supplies do not tell"
        };
        reason.to_owned()
    })
}

fn supply(root: &Root, name: &str) -> Option<Supply> {
    let word = |file: &str| root.word(&format!("{SUPPLIES}/{name}/{file}")).unwrap_or_default();
    // 2 is an adapter whose voltage can be set.
    let online = || matches!(word("online").as_str(), "1" | "2");
    match word("type").as_str() {
        "Mains" => Some(Supply::Mains { online: online() }),
        "USB" | "Wireless" => Some(Supply::Usb { online: online() }),
        // A mouse has a battery too.
        "Battery" | "UPS" if word("scope") != "Device" => {
            Some(Supply::Battery(match word("status").as_str() {
                "Discharging" => Charge::Falling,
                "Charging" | "Full" | "Not charging" => Charge::Held,
                _ => Charge::Unknown,
            }))
        }
        _ => None,
    }
}

fn source(supplies: &[Supply]) -> Option<&'static str> {
    let has = |supply: Supply| supplies.contains(&supply);
    if has(Supply::Mains { online: true }) {
        Some("mains")
    } else if has(Supply::Battery(Charge::Falling)) {
        Some("battery")
    } else if has(Supply::Usb { online: true }) || has(Supply::Battery(Charge::Held)) {
        Some("mains")
    } else {
        let unplugged = has(Supply::Mains { online: false });
        (unplugged && has(Supply::Battery(Charge::Unknown))).then_some("battery")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;

    fn told(files: &[(&str, &str)]) -> Option<String> {
        let below: Vec<(String, &str)> = files
            .iter()
            .map(|(path, text)| (format!("sys/class/power_supply/{path}"), *text))
            .collect();
        let files: Vec<(&str, &str)> = below.iter().map(|(path, text)| (&**path, *text)).collect();
        power_source(&Tree::of(&files).root()).ok()
    }

    #[test]
    fn a_laptop_plugged_in_and_not() {
        let laptop = |online, status| {
            told(&[
                ("AC/type", "Mains\n"),
                ("AC/online", online),
                ("BAT0/type", "Battery\n"),
                ("BAT0/status", status),
            ])
        };
        assert_eq!(laptop("1\n", "Charging\n").as_deref(), Some("mains"));
        // A charger too weak to keep up is a charger still.
        assert_eq!(laptop("1", "Discharging").as_deref(), Some("mains"));
        assert_eq!(laptop("0", "Discharging").as_deref(), Some("battery"));
        assert_eq!(laptop("0", "Unknown").as_deref(), Some("battery"));
        assert_eq!(laptop("garbage", "\u{0}").as_deref(), Some("battery"));
    }

    #[test]
    fn what_charges_over_usb() {
        let usb = |online, status| {
            told(&[
                ("ucsi/type", "USB"),
                ("ucsi/online", online),
                ("BAT1/type", "Battery"),
                ("BAT1/status", status),
            ])
        };
        assert_eq!(usb("1", "Full").as_deref(), Some("mains"));
        assert_eq!(usb("0", "Discharging").as_deref(), Some("battery"));
        assert_eq!(usb("0", "Unknown"), None);
    }

    #[test]
    fn the_battery_of_a_mouse_is_not_that_of_the_machine() {
        let mouse =
            [("hid/type", "Battery"), ("hid/scope", "Device"), ("hid/status", "Discharging")];
        assert_eq!(told(&mouse), None);
        let reason = power_source(&Tree::of(&[]).root());
        assert!(reason.is_err_and(|reason| reason.starts_with("no power supply is listed")));
    }
}
