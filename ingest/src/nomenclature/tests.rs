use super::*;
use crate::config::{Territory, tests::territory};
use parvis_model::{AdminLevel, AdminUnit, CountryRules, IssueCode, UnitId, UnitStatus};
use proptest::prelude::*;

const COMMUNES: &str = r#"[
 {"code":"97411","nom":"Saint-Denis","type":"commune-actuelle","departement":"974","region":"04","zone":"drom","siren":"219740115","population":155634,"codesPostaux":["97400","97417"]},
 {"code":"97415","nom":"Saint-Paul","type":"commune-actuelle","departement":"974","region":"04","population":1},
 {"code":"55039","nom":"Beaumont-en-Verdunois","type":"commune-actuelle","departement":"55","region":"44","codesPostaux":["55100"]},
 {"code":"01015","nom":"Arboys en Bugey","type":"commune-actuelle","departement":"01","region":"84","anciensCodes":["01340"]},
 {"code":"01015","nom":"Arbignieu","type":"commune-deleguee","departement":"01","region":"84","chefLieu":"01015"},
 {"code":"01340","nom":"Saint-Bois","type":"commune-deleguee","departement":"01","region":"84","chefLieu":"01015"},
 {"code":"75101","nom":"Paris 1er Arrondissement","type":"arrondissement-municipal","commune":"75056","population":15000},
 {"code":"75056","nom":"Paris","type":"commune-actuelle","departement":"75","region":"11"},
 {"code":"98901","nom":"Île de Clipperton","type":"commune-actuelle","departement":"989","region":"989","zone":"com"},
 {"code":"98735","nom":"Papeete","type":"commune-actuelle","departement":"987","region":"987","zone":"com"},
 {"nom":"sans code"}]"#;
const EPCI: &str = r#"[
 {"code":"249740119","nom":"CINOR","type":"CA","populationMunicipale":5,"membres":[{"code":"97411"}]},
 {"code":"200000001","nom":"Disparue","type":"CC","membres":[{"code":"01015"}]}]"#;
const DEPARTMENTS: &str = r#"[{"code":"974","region":"04","nom":"La Réunion"},{"code":"55","region":"44","nom":"Meuse"},
 {"code":"01","region":"84","nom":"Ain"},{"code":"75","region":"11","nom":"Paris"}]"#;
const REGIONS: &str = r#"[{"code":"04","nom":"La Réunion"},{"code":"44","nom":"Grand Est"},
 {"code":"84","nom":"Auvergne-Rhône-Alpes"},{"code":"11","nom":"Île-de-France"}]"#;

fn read_with(within: &str) -> Nomenclature {
    read_communes(COMMUNES, within)
}

fn read_communes(communes: &str, within: &str) -> Nomenclature {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("communes", communes), ("epci", EPCI), ("departements", DEPARTMENTS), ("regions", REGIONS)] {
        std::fs::write(dir.path().join(format!("{name}.json")), text).unwrap();
    }
    Nomenclature::read(dir.path(), &config(within)).unwrap()
}

fn config(within: &str) -> SourceConfig {
    let source = format!("[[source]]\nid='n'\nreader='nomenclature'\npath='n'\nproducer='P'\nlicence='L'\n{within}");
    Territory::parse(&territory(&source), Path::new("t.toml")).unwrap().sources.remove(0)
}

fn with_boundary(level: AdminLevel, code: &str, above: &[(AdminLevel, &str)]) -> AdminUnit {
    let mut unit = AdminUnit::new(level, code, code);
    unit.status = UnitStatus::Complete;
    for &(level, code) in above {
        unit.ancestors.set(level, Some(UnitId::new(level, code)));
    }
    unit
}

fn find<'u>(units: &'u [AdminUnit], id: &str) -> &'u AdminUnit {
    units.iter().find(|u| u.id.as_str() == id).unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn every_row_is_accounted_for() {
    let all = read_with("");
    assert_eq!((all.report.read, all.report.accepted, all.report.rejected_total()), (21, 20, 1));
    assert_eq!(all.issues[0].place, "communes.json, row 11");
    let reunion = read_with("within=['974']");
    assert_eq!((reunion.report.accepted, reunion.report.not_selected), (5, 15));
}

#[test]
fn what_has_no_boundary_exists_and_is_missing() {
    let rules = CountryRules::builtin("FR");
    let mut units = vec![with_boundary(AdminLevel::Municipality, "97411", &[])];
    let issues = read_with("").apply(&mut units, &rules);
    let lost = find(&units, "municipality:55039");
    assert_eq!(lost.status, UnitStatus::Missing);
    assert_eq!(lost.parent_id.as_ref().unwrap().as_str(), "department:55");
    assert_eq!(lost.ancestors.get(AdminLevel::Region).unwrap().as_str(), "region:44");
    assert_eq!(lost.postcodes, ["55100"]);
    for (dependency, municipality) in [("country:PF", "municipality:98735"), ("country:989", "municipality:98901")] {
        assert_eq!(find(&units, dependency).parent_id.as_ref().unwrap().as_str(), "country:FR");
        let unit = find(&units, municipality);
        assert_eq!(unit.parent_id.as_ref().unwrap().as_str(), dependency);
        assert_eq!(unit.ancestors.get(AdminLevel::Department), None);
    }
    assert!(units.iter().all(|u| u.id.as_str() != "country:NC"), "a collectivity without municipalities is not listed");
    assert!(units.iter().all(|u| u.level != AdminLevel::Intercommunality), "another day's intercommunality is no unit");
    assert_eq!(issues.iter().filter(|i| i.place == "intercommunality:200000001").count(), 1);
    assert!(issues.iter().all(|i| i.code == IssueCode::MissingBoundary));
    assert!(issues.iter().any(|i| i.place == "municipality:55039"));
}

#[test]
fn attributes_are_filled_and_never_replaced() {
    let mut units = vec![with_boundary(AdminLevel::Municipality, "97411", &[])];
    units[0].population = Some(7);
    units[0].postcodes = vec!["97490".into()];
    let list = read_with("");
    list.apply(&mut units, &CountryRules::builtin("FR"));
    let unit = find(&units, "municipality:97411");
    assert_eq!((unit.name.as_str(), unit.population), ("97411", Some(7)), "the boundary's name and count stay");
    assert_eq!(unit.siren.as_deref(), Some("219740115"));
    assert_eq!(unit.postcodes, ["97400", "97417", "97490"]);
    let postcodes = list.postcodes(&units);
    let sources: Vec<_> = postcodes
        .iter()
        .filter(|p| p.municipality_id.code() == "97411")
        .map(|p| (p.postcode.as_str(), p.source.as_str()))
        .collect();
    assert_eq!(sources, [("97400", "n"), ("97417", "n"), ("97490", "")]);
}

#[test]
fn codes_that_are_no_more_lead_to_their_successor() {
    let list = read_with("");
    assert_eq!(list.municipality_of("01340"), Some("01015"));
    assert_eq!(list.municipality_of("01015"), Some("01015"), "the chief town keeps its code");
    assert_eq!(list.municipality_of("75101"), Some("75056"));
    assert_eq!(list.municipality_of("99999"), None);
    assert_eq!(list.retired().len(), 2);
}

#[test]
fn disagreements_are_issues_and_the_boundaries_win() {
    use AdminLevel::{Country, Department, Intercommunality, Municipality, Region};
    let rules = CountryRules::builtin("FR");
    let mut units = vec![
        with_boundary(Country, "FR", &[]),
        with_boundary(Region, "04", &[]),
        with_boundary(Department, "974", &[(Country, "FR"), (Region, "04")]),
        with_boundary(
            Municipality,
            "97411",
            &[(Country, "FR"), (Region, "04"), (Department, "974"), (Intercommunality, "200000001")],
        ),
        with_boundary(Municipality, "97415", &[(Country, "FR"), (Region, "04"), (Department, "55")]),
        with_boundary(Municipality, "01340", &[(Country, "FR")]),
        with_boundary(Municipality, "L-1", &[(Country, "LU")]),
    ];
    let list = read_with("");
    let issues = list.compare(&mut units, &rules);
    let seen: Vec<_> = issues.iter().map(|i| (i.code.name(), i.place.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("code-disagrees", "municipality:97411"),
            ("code-disagrees", "municipality:97415"),
            ("not-in-nomenclature", "municipality:01340"),
        ]
    );
    assert!(issues[2].detail.contains("part of 01015 now"));
    assert_eq!(units[3].ancestors.get(Intercommunality).unwrap().code(), "200000001");
    assert_eq!(units[1].parent_id.as_ref().unwrap().as_str(), "country:FR", "placed by code where by nothing else");
}

#[test]
fn a_missing_or_broken_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = Nomenclature::read(dir.path(), &config("")).unwrap_err().to_string();
    assert!(error.contains("communes.json"), "{error}");
    std::fs::write(dir.path().join("communes.json"), "[\n{]").unwrap();
    let error = Nomenclature::read(dir.path(), &config("")).unwrap_err().to_string();
    assert!(error.contains("communes.json:2:"), "{error}");
}

const ROWS: &[&str] = &[
    "1",
    "null",
    "{}",
    r#"{"code":"1","nom":"A","type":"commune-actuelle"}"#,
    r#"{"code":"97411","nom":"A","type":"commune-actuelle","departement":"974","codesPostaux":["x"]}"#,
    r#"{"code":"97411","nom":"A","type":"commune-deleguee","chefLieu":"97411"}"#,
    r#"{"code":"97412","nom":"A","type":"commune-associee","chefLieu":"99999"}"#,
    r#"{"code":"2","nom":"A","type":"autre","population":-1}"#,
    r#"{"code":"3","nom":"A","type":"commune-actuelle","anciensCodes":["97411","3"]}"#,
];

proptest! {
    #[test]
    fn any_rows_are_accounted_for(picks in proptest::collection::vec(0..ROWS.len(), 0..12), part in any::<bool>()) {
        let rows: Vec<&str> = picks.iter().map(|&i| ROWS[i]).collect();
        let list = read_communes(&format!("[{}]", rows.join(",")), if part { "within=['974']" } else { "" });
        let report = &list.report;
        prop_assert_eq!(report.read, report.accepted + report.rejected_total());
        prop_assert_eq!(report.read + report.not_selected, 10 + rows.len() as u64);
        let mut units = Vec::new();
        list.apply(&mut units, &CountryRules::builtin("FR"));
        list.compare(&mut units, &CountryRules::builtin("FR"));
    }
}
