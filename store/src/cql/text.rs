//! CQL2 text: words, then expressions by precedence. Reads every text once, from left to right.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use super::CqlError;
use super::limits::{MAX_DEPTH, MAX_NESTING};
use super::lower::Lowering;
use super::node::{Node, Op};

/// A word of the language and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq)]
enum Word<'t> {
    /// A name or keyword, as it stands.
    Name(&'t str),
    /// A name in double quotes.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    Number(f64),
    Sign(&'t str),
}

/// Reads an expression to its end.
pub(super) fn parse(text: &str, lowering: &mut Lowering<'_>) -> Result<Node, CqlError> {
    let words = words(text)?;
    let mut parser = Parser { text, words, at: 0, depth: 0, lowering };
    let node = parser.expression(0)?;
    if parser.at < parser.words.len() {
        return Err(parser.fault());
    }
    Ok(node)
}

fn words(text: &str) -> Result<Vec<(usize, Word<'_>)>, CqlError> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '\'' | '"' => {
                let (value, length) = quoted(rest, c);
                words.push((at, if c == '"' { Word::Quoted(value) } else { Word::Text(value) }));
                at += length;
                continue;
            }
            c if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit())) => {
                number(rest)
            }
            c if c.is_alphabetic() || c == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | ':'))).unwrap_or(rest.len())
            }
            _ => match rest.get(..2) {
                Some("<=" | ">=" | "<>" | "!=") => 2,
                _ => c.len_utf8(),
            },
        };
        let word = &rest[..length];
        words.push((
            at,
            match word.chars().next() {
                Some(c) if c.is_ascii_digit() || (c == '.' && length > 1) => {
                    let value = word.parse::<f64>().ok().filter(|n| n.is_finite());
                    Word::Number(value.ok_or_else(|| syntax(text, at, "this is no number in range"))?)
                }
                Some(c) if c.is_alphabetic() || c == '_' => Word::Name(word),
                _ => Word::Sign(word),
            },
        ));
        at += length;
    }
    Ok(words)
}

/// What stands between quotes, doubled ones undone, and how long it is with them.
fn quoted(rest: &str, quote: char) -> (String, usize) {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            value.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
            value.push(quote);
        } else {
            return (value, at + 1);
        }
    }
    // The limits have seen to it that every quote closes.
    (value, rest.len())
}

/// How long the number is that a text begins with: digits, a fraction, an exponent.
fn number(rest: &str) -> usize {
    let digits = |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |n| from + n);
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    let sign = rest[end..].strip_prefix(['e', 'E']).map(|r| end + 1 + usize::from(r.starts_with(['+', '-'])));
    match sign {
        Some(from) if rest[from..].starts_with(|c: char| c.is_ascii_digit()) => digits(from),
        _ => end,
    }
}

fn syntax(text: &str, byte: usize, detail: &str) -> CqlError {
    let before = text.get(..byte).map_or(0, |t| t.chars().count());
    CqlError::Syntax { place: format!("character {}", before + 1), detail: detail.to_owned() }
}

/// How tightly operators bind, the loosest first.
mod binding {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARISON: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const POWER: u8 = 7;
}

/// How deep the parser calls itself: thrice for a bracket.
const MOST_CALLS: usize = 3 * MAX_NESTING + MAX_DEPTH;

struct Parser<'t, 'l, 'd> {
    text: &'t str,
    words: Vec<(usize, Word<'t>)>,
    at: usize,
    depth: usize,
    lowering: &'l mut Lowering<'d>,
}

impl<'t> Parser<'t, '_, '_> {
    fn word(&self) -> Option<&Word<'t>> {
        self.words.get(self.at).map(|(_, word)| word)
    }

    fn keyword(&self, offset: usize, keyword: &str) -> bool {
        matches!(self.words.get(self.at + offset), Some((_, Word::Name(name))) if name.eq_ignore_ascii_case(keyword))
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.keyword(0, keyword);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.word(), Some(Word::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), CqlError> {
        if self.take(sign) { Ok(()) } else { Err(self.fault()) }
    }

    /// What to say of the word that cannot stand here.
    fn fault(&self) -> CqlError {
        let Some((byte, _)) = self.words.get(self.at) else {
            return syntax(self.text, self.text.len(), "something is missing at the end");
        };
        let rest = super::cut(self.text[*byte..].trim_end());
        let remedy = "Texts stand in single quotes, names with other signs than letters, digits and _ in double quotes; a \
                      comparison is `property = 'value'`, and `AND`, `OR` join two";
        syntax(self.text, *byte, &format!("`{rest}` is not understood here. {remedy}"))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, CqlError>) -> Result<T, CqlError> {
        self.depth += 1;
        if self.depth > MOST_CALLS {
            let what = "operators and brackets in one another";
            return Err(CqlError::TooMuch { what, found: self.depth, most: MOST_CALLS });
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// An expression of operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Node, CqlError> {
        let mut left = self.deeper(Self::prefixed)?;
        let mut chained = 0;
        while let Some((op, tight)) = self.infix() {
            if tight < least {
                break;
            }
            chained += usize::from(tight > binding::AND);
            if chained > MAX_DEPTH {
                let what = "operators in one another";
                return Err(CqlError::TooMuch { what, found: chained, most: MAX_DEPTH });
            }
            if tight == binding::COMPARISON {
                left = self.comparison(left)?;
                continue;
            }
            self.at += 1;
            let right = self.deeper(|p| p.expression(tight + 1))?;
            left = match left {
                // A chain of AND or OR is one operation, however long.
                Node::Call(known, mut args) if known == op && matches!(op, Op::And | Op::Or) => {
                    args.push(right);
                    Node::Call(known, args)
                }
                left => Node::Call(op, vec![left, right]),
            };
        }
        Ok(left)
    }

    /// The operator here, if there is one, and how tightly it binds.
    fn infix(&self) -> Option<(Op, u8)> {
        Some(match self.word()? {
            Word::Sign("=" | "<>" | "!=" | "<" | "<=" | ">" | ">=") => (Op::Eq, binding::COMPARISON),
            Word::Sign("+") => (Op::Add, binding::SUM),
            Word::Sign("-") => (Op::Subtract, binding::SUM),
            Word::Sign("*") => (Op::Multiply, binding::PRODUCT),
            Word::Sign("/") => (Op::Divide, binding::PRODUCT),
            Word::Sign("%") => (Op::Modulo, binding::PRODUCT),
            Word::Sign("^") => (Op::Power, binding::POWER),
            Word::Name(name) => match name.to_ascii_lowercase().as_str() {
                "or" => (Op::Or, binding::OR),
                "and" => (Op::And, binding::AND),
                "div" => (Op::IntegerDivide, binding::PRODUCT),
                "like" | "between" | "in" | "is" | "not" => (Op::Like, binding::COMPARISON),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// What stands right of a comparison, LIKE, BETWEEN, IN or IS, with NOT or without.
    fn comparison(&mut self, left: Node) -> Result<Node, CqlError> {
        if let Some(Word::Sign(sign)) = self.word() {
            let op = super::lower::operator(sign);
            self.at += 1;
            let right = self.deeper(|p| p.expression(binding::COMPARISON + 1))?;
            return Ok(Node::Call(op, vec![left, right]));
        }
        if self.take_keyword("is") {
            let not = self.take_keyword("not");
            if !self.take_keyword("null") {
                return Err(self.fault());
            }
            return Ok(negated(Node::Call(Op::IsNull, vec![left]), not));
        }
        let not = self.take_keyword("not");
        if self.take_keyword("like") {
            let pattern = self.deeper(|p| p.expression(binding::COMPARISON + 1))?;
            return Ok(negated(Node::Call(Op::Like, vec![left, pattern]), not));
        }
        if self.take_keyword("between") {
            let low = self.deeper(|p| p.expression(binding::COMPARISON + 1))?;
            if !self.take_keyword("and") {
                return Err(self.fault());
            }
            let high = self.deeper(|p| p.expression(binding::COMPARISON + 1))?;
            return Ok(negated(super::lower::call("between", vec![left, low, high])?, not));
        }
        if self.take_keyword("in") {
            self.expect("(")?;
            let items = self.deeper(Self::listed)?;
            return Ok(negated(super::lower::call("in", vec![left, Node::List(items)])?, not));
        }
        Err(self.fault())
    }

    /// Expressions parted by commas, to the closing bracket.
    fn listed(&mut self) -> Result<Vec<Node>, CqlError> {
        let mut items = vec![self.expression(0)?];
        while self.take(",") {
            items.push(self.expression(0)?);
        }
        self.expect(")")?;
        Ok(items)
    }

    fn prefixed(&mut self) -> Result<Node, CqlError> {
        if self.take_keyword("not") {
            return Ok(self.deeper(|p| p.expression(binding::NOT))?.not());
        }
        if self.take("-") {
            // Tighter than a product, looser than a power.
            return Ok(match self.deeper(|p| p.expression(binding::POWER))? {
                Node::Number(number) => Node::Number(0.0 - number),
                other => Node::Call(Op::Multiply, vec![Node::Number(-1.0), other]),
            });
        }
        if self.take("+") {
            return self.deeper(|p| p.expression(binding::POWER));
        }
        if self.take("(") {
            let mut items = self.deeper(Self::listed)?;
            return Ok(if items.len() == 1 { items.remove(0) } else { Node::List(items) });
        }
        self.atom()
    }

    fn atom(&mut self) -> Result<Node, CqlError> {
        let Some((_, word)) = self.words.get(self.at).cloned() else { return Err(self.fault()) };
        let node = match word {
            Word::Number(number) => Node::Number(number),
            Word::Text(text) => Node::Text(text.into()),
            Word::Sign(_) => return Err(self.fault()),
            Word::Quoted(name) => {
                self.at += 1;
                return self.named(&name, true);
            }
            Word::Name(name) => {
                self.at += 1;
                return self.named(name, false);
            }
        };
        self.at += 1;
        Ok(node)
    }

    fn named(&mut self, name: &str, quoted: bool) -> Result<Node, CqlError> {
        if !quoted {
            match name.to_ascii_lowercase().as_str() {
                "true" => return Ok(Node::Bool(true)),
                "false" => return Ok(Node::Bool(false)),
                "null" => return Ok(Node::Null),
                "and" | "or" | "like" | "between" | "is" | "in" | "div" => {
                    self.at -= 1;
                    return Err(self.fault());
                }
                _ => {}
            }
            if let Some(geometry) = self.geometry(name)? {
                return self.lowering.geometry(&geometry);
            }
        }
        if !self.take("(") {
            return Ok(Node::Property(name.into()));
        }
        let args = if self.take(")") { Vec::new() } else { self.deeper(Self::listed)? };
        self.lowering.function(name, args)
    }

    /// WKT, where a name is that of a geometry and what follows fits.
    fn geometry(&mut self, name: &str) -> Result<Option<Geometry<f64>>, CqlError> {
        const NAMES: [&str; 7] =
            ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];
        let Some(kind) = NAMES.into_iter().find(|n| n.eq_ignore_ascii_case(name)) else { return Ok(None) };
        let follows = matches!(self.word(), Some(Word::Sign("(")))
            || ["z", "m", "zm", "empty"].iter().any(|word| self.keyword(0, word));
        if !follows {
            return Ok(None);
        }
        for marker in ["z", "m", "zm"] {
            if self.take_keyword(marker) {
                break;
            }
        }
        if self.take_keyword("empty") {
            return Err(CqlError::Meaning("a geometry cannot be used: it is empty".to_owned()));
        }
        self.expect("(")?;
        let geometry = match kind {
            "POINT" => {
                let place = self.place()?;
                self.expect(")")?;
                Geometry::Point(Point(place))
            }
            "LINESTRING" => Geometry::LineString(LineString(self.places()?)),
            "POLYGON" => Geometry::Polygon(self.polygon()?),
            "MULTIPOINT" => Geometry::MultiPoint(MultiPoint(self.parts(|p| {
                let bracket = p.take("(");
                let place = p.place()?;
                if bracket {
                    p.expect(")")?;
                }
                Ok(Point(place))
            })?)),
            "MULTILINESTRING" => Geometry::MultiLineString(MultiLineString(self.parts(|p| {
                p.expect("(")?;
                p.places().map(LineString)
            })?)),
            "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon(self.parts(|p| {
                p.expect("(")?;
                p.polygon()
            })?)),
            _ => {
                let member = |p: &mut Self| {
                    let Some((_, Word::Name(name))) = p.words.get(p.at).cloned() else { return Err(p.fault()) };
                    if name.eq_ignore_ascii_case("GEOMETRYCOLLECTION") {
                        let rule = "a GEOMETRYCOLLECTION in another is not CQL2; name its members in one";
                        return Err(CqlError::Meaning(rule.to_owned()));
                    }
                    p.at += 1;
                    p.geometry(name)?.ok_or_else(|| p.fault())
                };
                Geometry::GeometryCollection(GeometryCollection(self.parts(member)?))
            }
        };
        Ok(Some(geometry))
    }

    fn parts<T>(&mut self, one: impl Fn(&mut Self) -> Result<T, CqlError>) -> Result<Vec<T>, CqlError> {
        let mut parts = vec![one(self)?];
        while self.take(",") {
            parts.push(one(self)?);
        }
        self.expect(")")?;
        Ok(parts)
    }

    fn places(&mut self) -> Result<Vec<Coord<f64>>, CqlError> {
        self.parts(Self::place)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, CqlError> {
        let mut rings = self
            .parts(|p| {
                p.expect("(")?;
                p.places().map(LineString)
            })?
            .into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    /// Two numbers; heights and measures are left aside.
    fn place(&mut self) -> Result<Coord<f64>, CqlError> {
        let mut numbers = Vec::new();
        while numbers.len() < 4 {
            let negative = self.take("-");
            if !negative {
                self.take("+");
            }
            let Some(Word::Number(number)) = self.word() else { break };
            numbers.push(if negative { -number } else { *number });
            self.at += 1;
        }
        match numbers[..] {
            [x, y, ..] => Ok(Coord { x, y }),
            _ => Err(self.fault()),
        }
    }
}

fn negated(node: Node, not: bool) -> Node {
    if not { node.not() } else { node }
}
