//! Conditions in CQL2 by chance, each with what it says of a row, found by other means: cells, `geo`'s DE-9IM.

use std::sync::Arc;

use geo::Relate;
use geo_types::{Geometry, Line, Point, Rect, polygon};
use parvis_model::{Collection, Instant, Row, Value, fold};
use proptest::prelude::*;

use crate::testing::{at, day_of_september, midnight};

pub(super) type Truth = Option<bool>;
pub(super) type Oracle = Arc<dyn Fn(&Plain) -> Truth>;

/// A row by the names of its cells.
pub(super) struct Plain {
    pub(super) collection: Collection,
    pub(super) row: Row,
}

impl Plain {
    fn cell(&self, name: &str) -> &Value {
        &self.row.values[self.collection.fields().iter().position(|f| f.name == name).unwrap()]
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.cell(name) {
            Value::Text(text) => Some(text.clone()),
            Value::Null => None,
            other => panic!("{name}: {other:?}"),
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        match self.cell(name) {
            Value::Float(number) => Some(*number),
            Value::Integer(number) => Some(*number as f64),
            Value::Null => None,
            other => panic!("{name}: {other:?}"),
        }
    }

    fn time(&self, name: &str) -> Option<i64> {
        match self.cell(name) {
            Value::Timestamp(time) => Some(time.unix()),
            Value::Null => None,
            other => panic!("{name}: {other:?}"),
        }
    }

    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.cell(name) {
            Value::TextList(list) => Some(list.clone()),
            Value::Null => None,
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// A condition in CQL2, and what it says of a row.
#[derive(Clone)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) oracle: Oracle,
}

impl std::fmt::Debug for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn condition(text: impl Into<String>, oracle: impl Fn(&Plain) -> Truth + 'static) -> Condition {
    Condition { text: text.into(), oracle: Arc::new(oracle) }
}

fn compare<T: PartialOrd>(op: &str, a: &T, b: &T) -> bool {
    match op {
        "=" => a == b,
        "<>" => a != b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a >= b,
    }
}

fn op() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="])
}

/// On numbers: a column, arithmetic, two columns, BETWEEN.
fn numbers() -> impl Strategy<Value = Condition> {
    let tenth = (-5i32..50).prop_map(|v| f64::from(v) / 10.0);
    prop_oneof![
        (op(), tenth.clone()).prop_map(|(op, n)| condition(format!("lon {op} {n}"), move |r| {
            Some(compare(op, &r.number("lon")?, &n))
        })),
        (op(), tenth.clone()).prop_map(|(op, n)| condition(format!("{n} {op} lat * 2 - lon"), move |r| {
            Some(compare(op, &n, &(r.number("lat")? * 2.0 - r.number("lon")?)))
        })),
        op().prop_map(|op| condition(format!("lat {op} lon"), move |r| Some(compare(
            op,
            &r.number("lat")?,
            &r.number("lon")?
        )))),
        (tenth.clone(), tenth.clone()).prop_map(|(a, b)| condition(format!("lon BETWEEN {a} AND {b}"), move |r| {
            let lon = r.number("lon")?;
            Some(lon >= a && lon <= b)
        })),
        tenth.prop_map(|n| condition(format!("1 / (lat - lat) > {n}"), |_| None)),
    ]
}

/// On texts of the index and of the table.
fn texts() -> impl Strategy<Value = Condition> {
    let equal = |name: &'static str, values: Vec<&'static str>| {
        (op(), prop::sample::select(values)).prop_map(move |(op, v)| {
            condition(format!("{name} {op} '{v}'"), move |r| Some(compare(op, &r.text(name)?, &v.to_owned())))
        })
    };
    let has = |name: &'static str, part: &'static str, text: &'static str| {
        Just(condition(text, move |r: &Plain| Some(fold(&r.text(name)?).contains(&fold(part)))))
    };
    let null = |name: &'static str| {
        Just(condition(format!("{name} IS NULL"), move |r: &Plain| Some(*r.cell(name) == Value::Null)))
    };
    prop_oneof![
        equal("kind", vec!["association", "place", "public_body", "zzz"]),
        equal("postcode", vec!["00003", "00005", "1"]),
        equal("department_id", vec!["department:d0", "department:d3", "department:zz"]),
        equal("region_id", vec!["region:r0", "region:r1"]),
        equal("intercommunality_id", vec!["intercommunality:200"]),
        equal("municipality_id", vec!["municipality:c00", "municipality:c12", "municipality:c99"]),
        equal("neighbourhood_id", vec!["neighbourhood:q1", "neighbourhood:q2"]),
        equal("country_id", vec!["country:ZZ"]),
        equal("theme", vec!["food", "energy", "culture"]),
        equal("source", vec!["examples", "town-halls"]),
        equal("precision", vec!["point", "none"]),
        has("name", "mairie n 12", "CASEI(name) LIKE CASEI('MAIRIE N°_12%')"),
        has("description", "deux lignes", "ACCENTI(CASEI(description)) LIKE 'deux%lignes%'"),
        Just(condition("name LIKE '%, dite \"la 1_\"%'", |r: &Plain| {
            let name = r.text("name")?;
            Some(name.find("\"la 1").is_some_and(|at| name[at + 5..].chars().nth(1) == Some('"')))
        })),
        Just(condition("kind IN ('place', 'group', 'x')", |r: &Plain| Some(
            ["place", "group", "x"].contains(&r.text("kind")?.as_str())
        ))),
        Just(condition("url IN ('https://example.org/7', 'https://example.org/8')", |r: &Plain| {
            Some(r.text("url")?.ends_with("/7") || r.text("url")?.ends_with("/8"))
        })),
        Just(condition("id > name", |r: &Plain| Some(r.text("id")? > r.text("name")?))),
        Just(condition("source < licence", |r: &Plain| Some(r.text("source")? < r.text("licence")?))),
        null("postcode"),
        null("description"),
        null("address"),
        null("neighbourhood_id"),
        null("lon"),
        Just(condition("geometry IS NULL", |r: &Plain| Some(r.row.geometry.is_none()))),
        Just(condition("example", |r: &Plain| Some(*r.cell("example") == Value::Boolean(true)))),
        Just(condition("(lon > 1) = (example = FALSE)", |r: &Plain| {
            Some((r.number("lon")? > 1.0) == (*r.cell("example") == Value::Boolean(false)))
        })),
        Just(condition("(description LIKE 'D%') = example", |r: &Plain| {
            Some(r.text("description")?.starts_with('D') == (*r.cell("example") == Value::Boolean(true)))
        })),
    ]
}

/// On lists: of the index (themes) and of the table (tags).
fn lists() -> impl Strategy<Value = Condition> {
    let name = prop::sample::select(vec!["themes", "tags"]);
    let words = prop::sample::subsequence(vec!["food", "energy", "culture", "bio", "tiers-lieu", "x"], 1..4);
    let relation = prop::sample::select(vec!["A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS"]);
    (name, words, relation).prop_map(|(name, words, relation)| {
        let list = words.iter().map(|w| format!("'{w}'")).collect::<Vec<_>>().join(", ");
        condition(format!("{relation}({name}, ({list}))"), move |r| {
            let has = r.list(name)?;
            let all = words.iter().all(|w| has.iter().any(|h| h == w));
            let none_else = has.iter().all(|h| words.contains(&h.as_str()));
            Some(match relation {
                "A_CONTAINS" => all,
                "A_CONTAINEDBY" => none_else,
                "A_EQUALS" => all && none_else,
                _ => has.iter().any(|h| words.contains(&h.as_str())),
            })
        })
    })
}

/// On the geometry, by DE-9IM.
pub(super) fn places() -> impl Strategy<Value = Condition> {
    let tenth = |v: i32| f64::from(v) / 10.0;
    let rect = (-5i32..45, -5i32..45, 0i32..40, 0i32..40).prop_map(move |(w, s, dx, dy)| {
        let rect = Rect::new((tenth(w), tenth(s)), (tenth(w + dx), tenth(s + dy)));
        let text = format!("BBOX({}, {}, {}, {})", rect.min().x, rect.min().y, rect.max().x, rect.max().y);
        // A box without width or height is a line or a point; a polygon without an area lies nowhere.
        let shape = match (dx, dy) {
            (0, 0) => Geometry::from(Point(rect.min())),
            (0, _) | (_, 0) => Geometry::from(Line::new(rect.min(), rect.max())),
            _ => Geometry::from(rect.to_polygon()),
        };
        (text, shape)
    });
    let ring = (0i32..30, 0i32..30, 1i32..20).prop_map(move |(x, y, size)| {
        let (x, y, d) = (tenth(x), tenth(y), tenth(size));
        let shape = polygon!(exterior: [(x: x, y: y), (x: x + 2. * d, y: y + d / 3.), (x: x + d, y: y + 2. * d)],
                             interiors: [[(x: x + 0.9 * d, y: y + 0.8 * d), (x: x + 1.1 * d, y: y + 0.8 * d), (x: x + d, y: y + d)]]);
        let line = |l: &geo_types::LineString<f64>| l.0.iter().map(|c| format!("{} {}", c.x, c.y)).collect::<Vec<_>>().join(", ");
        (format!("POLYGON(({}), ({}))", line(shape.exterior()), line(&shape.interiors()[0])), Geometry::from(shape))
    });
    let point = (0u32..600).prop_map(|n| {
        let place = crate::testing::place(n).unwrap_or_else(|| at(1.0, 1.0));
        (format!("POINT({} {})", place.lon(), place.lat()), Geometry::from(place.point()))
    });
    let relation = prop::sample::select(vec![
        "S_INTERSECTS",
        "S_DISJOINT",
        "S_WITHIN",
        "S_CONTAINS",
        "S_TOUCHES",
        "S_OVERLAPS",
        "S_CROSSES",
        "S_EQUALS",
    ]);
    (relation, prop_oneof![rect, ring, point]).prop_map(|(relation, (text, shape))| {
        condition(format!("{relation}(geometry, {text})"), move |r| {
            let lies = r.row.geometry.as_ref()?.relate(&shape);
            Some(match relation {
                "S_INTERSECTS" => lies.is_intersects(),
                "S_DISJOINT" => lies.is_disjoint(),
                "S_WITHIN" => lies.is_within(),
                "S_CONTAINS" => lies.is_contains(),
                "S_TOUCHES" => lies.is_touches(),
                "S_OVERLAPS" => lies.is_overlaps(),
                "S_CROSSES" => lies.is_crosses(),
                _ => lies.is_equal_topo(),
            })
        })
    })
}

/// On times; of events their start and end, of actors the change of the record, which only the table has.
fn times(collection: Collection) -> BoxedStrategy<Condition> {
    let moment = |base: i64, n: i64| Instant::from_unix(base + n);
    if collection == Collection::Actors {
        let updated = (op(), prop::sample::select(vec![0i64, 77, 300, 599, 700])).prop_map(move |(op, n)| {
            let time = moment(1_700_000_000, n);
            condition(format!("updated {op} TIMESTAMP('{time}')"), move |r| {
                Some(compare(op, &r.time("updated")?, &time.unix()))
            })
        });
        let day = op().prop_map(|op| {
            condition(format!("updated {op} DATE('2023-11-14')"), move |r| {
                let (updated, begin) = (r.time("updated")?, Instant::parse("2023-11-14")?.unix());
                let order = if updated < begin { -1 } else { i32::from(updated >= begin + 86_400) };
                Some(compare(op, &order, &0))
            })
        });
        return prop_oneof![updated, day].boxed();
    }
    let relation = prop::sample::select(vec![
        "T_BEFORE",
        "T_AFTER",
        "T_MEETS",
        "T_METBY",
        "T_OVERLAPS",
        "T_OVERLAPPEDBY",
        "T_STARTS",
        "T_STARTEDBY",
        "T_DURING",
        "T_CONTAINS",
        "T_FINISHES",
        "T_FINISHEDBY",
        "T_EQUALS",
        "T_DISJOINT",
        "T_INTERSECTS",
    ]);
    let span = (relation, 0i64..100, 0i64..6).prop_map(move |(relation, n, hours)| {
        let b = [1_790_000_000 + n * 7_200, 1_790_000_000 + n * 7_200 + hours * 3_600];
        let text = format!("INTERVAL('{}', '{}')", moment(b[0], 0), moment(b[1], 0));
        condition(format!("{relation}(INTERVAL(start, end), {text})"), move |r| {
            let a = [r.time("start")?, r.time("end")?];
            Some(match relation {
                "T_BEFORE" => a[1] < b[0],
                "T_AFTER" => a[0] > b[1],
                "T_MEETS" => a[1] == b[0],
                "T_METBY" => a[0] == b[1],
                "T_OVERLAPS" => a[0] < b[0] && a[1] > b[0] && a[1] < b[1],
                "T_OVERLAPPEDBY" => a[0] > b[0] && a[0] < b[1] && a[1] > b[1],
                "T_STARTS" => a[0] == b[0] && a[1] < b[1],
                "T_STARTEDBY" => a[0] == b[0] && a[1] > b[1],
                "T_DURING" => a[0] > b[0] && a[1] < b[1],
                "T_CONTAINS" => a[0] < b[0] && a[1] > b[1],
                "T_FINISHES" => a[0] > b[0] && a[1] == b[1],
                "T_FINISHEDBY" => a[0] < b[0] && a[1] == b[1],
                "T_EQUALS" => a == b,
                "T_DISJOINT" => a[1] < b[0] || a[0] > b[1],
                _ => a[1] >= b[0] && a[0] <= b[1],
            })
        })
    });
    // Days: from midnight to midnight where the event takes place.
    let days = || prop::sample::select((20u64..=30).chain(52..=62).collect::<Vec<_>>());
    let whole = |r: &Plain, day: u64| {
        let zone = r.text("timezone")?;
        let begins = |day| Some(midnight(&zone, Instant::parse(&day_of_september(day))?).unix());
        Some([begins(day)?, begins(day + 1)? - 1])
    };
    let on_day = (op(), days(), prop::sample::select(vec!["start", "end"])).prop_map(move |(op, day, name)| {
        condition(format!("{name} {op} DATE('{}')", day_of_september(day)), move |r| {
            let (time, [first, last]) = (r.time(name)?, whole(r, day)?);
            let order = if time < first { -1 } else { i32::from(time > last) };
            Some(compare(op, &order, &0))
        })
    });
    let relation =
        prop::sample::select(vec!["T_BEFORE", "T_AFTER", "T_DURING", "T_DISJOINT", "T_INTERSECTS", "T_OVERLAPS"]);
    let in_days = (relation, days(), 0u64..4, any::<bool>()).prop_map(move |(relation, day, more, whole_days)| {
        let to = if whole_days {
            day_of_september(day + more)
        } else {
            format!("{}T20:00:00Z", day_of_september(day + more))
        };
        let text = format!("{relation}(INTERVAL(start, end), INTERVAL('{}', '{to}'))", day_of_september(day));
        condition(text, move |r| {
            let a = [r.time("start")?, r.time("end")?];
            let to = if whole_days { whole(r, day + more)?[1] } else { Instant::parse(&to)?.unix() };
            let b = [whole(r, day)?[0], to];
            Some(match relation {
                "T_BEFORE" => a[1] < b[0],
                "T_AFTER" => a[0] > b[1],
                "T_OVERLAPS" => a[0] < b[0] && a[1] > b[0] && a[1] < b[1],
                "T_DURING" => a[0] > b[0] && a[1] < b[1],
                "T_DISJOINT" => a[1] < b[0] || a[0] > b[1],
                _ => a[1] >= b[0] && a[0] <= b[1],
            })
        })
    });
    // `updated` of events is empty and only in the table.
    let missing = Just(condition("T_BEFORE(INTERVAL(start, updated), DATE('2026-09-22')) IS NULL", |_| Some(true)));
    let later = Just(condition("start < end", |r: &Plain| Some(r.time("start")? < r.time("end")?)));
    let status = Just(condition("status <> 'cancelled'", |r: &Plain| Some(r.text("status")? != "cancelled")));
    prop_oneof![4 => span, 2 => on_day, 4 => in_days, 1 => missing, 1 => later, 1 => status].boxed()
}

/// Conditions joined, in three truth values.
pub(super) fn conditions(collection: Collection) -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![numbers(), texts_of(collection), lists(), places(), times(collection)];
    leaf.prop_recursive(3, 10, 3, |inner| {
        let join = |all: Vec<Condition>, by: &'static str, decides: bool| {
            let text = all.iter().map(|c| format!("({})", c.text)).collect::<Vec<_>>().join(by);
            condition(text, move |r| {
                let truths: Vec<Truth> = all.iter().map(|c| (c.oracle)(r)).collect();
                if truths.contains(&Some(decides)) {
                    Some(decides)
                } else if truths.contains(&None) {
                    None
                } else {
                    Some(!decides)
                }
            })
        };
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(move |all| join(all, " AND ", false)),
            prop::collection::vec(inner.clone(), 2..4).prop_map(move |all| join(all, " OR ", true)),
            inner.clone().prop_map(|c| condition(format!("NOT ({})", c.text), move |r| (c.oracle)(r).map(|t| !t))),
            inner.prop_map(|c| condition(format!("({}) IS NULL", c.text), move |r| Some((c.oracle)(r).is_none()))),
        ]
    })
}

/// The texts of actors; of events those that fit.
fn texts_of(collection: Collection) -> BoxedStrategy<Condition> {
    match collection {
        Collection::Actors => texts().boxed(),
        _ => prop_oneof![
            Just(condition("example", |r: &Plain| Some(*r.cell("example") == Value::Boolean(true)))),
            Just(condition("CASEI(name) LIKE 'fête 1%'", |r: &Plain| Some(r.text("name")?.starts_with("Fête 1")))),
            Just(condition("timezone = 'Indian/Reunion'", |r: &Plain| Some(r.text("timezone")? == "Indian/Reunion"))),
            Just(condition("NOT all_day", |r: &Plain| Some(*r.cell("all_day") == Value::Boolean(false)))),
        ]
        .boxed(),
    }
}
