use super::*;
use geo::{MultiPolygon, Rect, coord};
use parvis_model::UnitStatus;

fn square(level: AdminLevel, code: &str, west: f64, south: f64, side: f64, above: &[(AdminLevel, &str)]) -> AdminUnit {
    let mut unit = AdminUnit::new(level, code, &format!("Nom {code}"));
    let rect = Rect::new(coord! { x: west, y: south }, coord! { x: west + side, y: south + side });
    unit.geometry = Some(MultiPolygon(vec![rect.to_polygon()]));
    unit.label = LonLat::new(west + side / 2.0, south + side / 2.0);
    unit.status = UnitStatus::Complete;
    for &(level, code) in above {
        unit.ancestors.set(level, Some(UnitId::new(level, code)));
    }
    unit
}

/// Two municipalities side by side in one department; one without boundary in French Polynesia.
fn units() -> Vec<AdminUnit> {
    use AdminLevel::{Country, Department, Municipality};
    let above = [(Country, "FR"), (Department, "974")];
    let mut lost = AdminUnit::new(Municipality, "98735", "Papeete");
    lost.ancestors.set(Country, Some(UnitId::new(Country, "PF")));
    vec![
        square(Country, "FR", 50.0, -25.0, 10.0, &[]),
        square(Department, "974", 55.0, -22.0, 2.0, &[(Country, "FR")]),
        square(Municipality, "97411", 55.0, -21.0, 1.0, &above),
        square(Municipality, "97415", 56.0, -21.0, 1.0, &above),
        lost,
    ]
}

fn place(at: Option<(f64, f64)>, code: Option<&str>) -> (Placed, Option<String>) {
    let units = units();
    let index = UnitIndex::new(&units);
    let rules = [CountryRules::builtin("FR")];
    let locator = Locator::new(&index, &units, &[], None, &rules);
    let placed = locator.place(at.and_then(|(x, y)| LonLat::new(x, y)), code);
    let code = placed.issue.as_ref().map(|(code, _)| code.name().to_owned());
    (placed, code)
}

fn municipality(placed: &Placed) -> &str {
    placed.municipality_code().unwrap_or("none")
}

#[test]
fn the_point_wins_over_the_code_of_the_row() {
    let (placed, issue) = place(Some((55.5, -20.5)), Some("97411"));
    assert_eq!((municipality(&placed), placed.precision, issue), ("97411", Precision::Point, None));
    assert_eq!(placed.ancestors.get(AdminLevel::Department).unwrap().code(), "974");
    let (placed, issue) = place(Some((55.5, -20.5)), Some("97415"));
    assert_eq!((municipality(&placed), issue.as_deref()), ("97411", Some("municipality-disagrees")));
    let (placed, issue) = place(Some((55.5, -20.5)), Some("1"));
    assert_eq!((municipality(&placed), issue.as_deref()), ("97411", Some("unknown-municipality")));
}

#[test]
fn without_a_point_the_label_of_the_municipality_serves() {
    let (placed, issue) = place(None, Some("97415"));
    assert_eq!((placed.precision, placed.location, issue), (Precision::Municipality, LonLat::new(56.5, -20.5), None));
    assert_eq!(municipality(&placed), "97415");
    let (placed, issue) = place(None, None);
    assert_eq!((placed.precision, placed.location, issue.as_deref()), (Precision::None, None, Some("not-located")));
    let (placed, issue) = place(None, Some("00000"));
    assert_eq!((placed.precision, issue.as_deref()), (Precision::None, Some("unknown-municipality")));
}

#[test]
fn a_point_outside_is_believed_near_its_municipality_only() {
    let at = (54.95, -20.5);
    let (placed, issue) = place(Some(at), Some("97411"));
    assert_eq!(placed.location, LonLat::new(at.0, at.1));
    assert_eq!((municipality(&placed), issue), ("97411", None), "in the country, off the coast");
    let (placed, issue) = place(Some((2.0, 48.0)), Some("97411"));
    assert_eq!((placed.precision, issue.as_deref()), (Precision::Municipality, Some("outside-territory")));
    let (placed, issue) = place(Some((2.0, 48.0)), None);
    assert_eq!((placed.precision, municipality(&placed)), (Precision::Point, "none"));
    assert_eq!(issue.as_deref(), Some("outside-territory"));
}

#[test]
fn a_municipality_without_boundary_still_has_its_actors() {
    let (placed, issue) = place(Some((-149.57, -17.54)), Some("98735"));
    assert_eq!((municipality(&placed), placed.precision, issue), ("98735", Precision::Point, None));
    assert_eq!(placed.ancestors.get(AdminLevel::Country).unwrap().code(), "PF");
    let (placed, issue) = place(None, Some("98735"));
    assert_eq!((placed.precision, issue.as_deref()), (Precision::None, Some("not-located")));
    assert_eq!(municipality(&placed), "98735", "not located, yet of its municipality");
}

#[test]
fn places_have_their_time() {
    let units = units();
    let index = UnitIndex::new(&units);
    let rules = [CountryRules::builtin("FR")];
    let postcodes = [Postcode { postcode: "97400".into(), municipality_id: units[2].id.clone(), source: "n".into() }];
    let locator = Locator::new(&index, &units, &postcodes, None, &rules);
    assert_eq!(locator.timezone(LonLat::new(55.5, -20.5), None), "Indian/Reunion");
    assert_eq!(locator.timezone(None, Some("98735")), "Pacific/Tahiti");
    assert_eq!(locator.timezone(None, None), "Europe/Paris");
    assert_eq!(locator.municipality_of_postcode("97400", "NOM-97411"), Some("97411"));
    assert_eq!(locator.municipality_of_postcode("97400", "Nom 97415"), None);
}

#[test]
fn the_end_of_an_address_is_its_town() {
    assert_eq!(
        split_address("Préau de l'école, 31150 Lespinasse"),
        Some((Some("Préau de l'école".into()), "31150", "Lespinasse"))
    );
    assert_eq!(split_address("97400 Saint-Denis"), Some((None, "97400", "Saint-Denis")));
    for other in ["Préau", "3 rue X, Lespinasse", "12345", "1234 Luxembourg"] {
        assert_eq!(split_address(other), None, "{other}");
    }
}
