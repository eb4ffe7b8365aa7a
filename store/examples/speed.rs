//! How fast the library is over the edition in force of a data folder: `cargo run --release -p parvis-store
//! --example speed -- DATA`. What `benches/RESULTS.md` says of lookups, search and exports is measured with it.

#![allow(clippy::print_stdout, reason = "it is there to print")]

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::time::{Duration, Instant};

use parvis_model::{Collection, LonLat};
use parvis_store::lookup::{Columns, Records, Splitter, Table, first_record};
use parvis_store::{DataDir, Filter, Format, Snapshot, StoreError, export};
use rayon::prelude::*;

const POINTS: usize = 1_000_000;

const QUERIES: [&str; 13] = [
    "s",
    "sa",
    "mairie",
    "saint deni",
    "sant denis",
    "mediateque",
    "jardin partage saint",
    "97400",
    "la",
    "paris",
    "association sportiv",
    "chorale des",
    "xyzzy",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("which data folder?")?;
    let data = DataDir::open(folder)?;
    let id = data.current()?.ok_or("no edition is in force")?;
    let snapshot = timed("open", || Snapshot::open(data.edition(&id)?))?;
    println!("edition {id}, {} actors, {} threads", snapshot.rows(Collection::Actors), rayon::current_num_threads());
    lookups(&snapshot);
    tables(&snapshot)?;
    searches(&snapshot);
    exports(&snapshot)?;
    Ok(())
}

fn timed<T>(what: &str, job: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let begun = Instant::now();
    let done = job()?;
    println!("{what}: {:.3} s", begun.elapsed().as_secs_f64());
    Ok(done)
}

/// Places around those of the actors: where people live, most of them in some unit.
fn places(snapshot: &Snapshot) -> Vec<LonLat> {
    let Some(actors) = snapshot.points(Collection::Actors) else { return Vec::new() };
    let mut state = 42u64;
    let mut random = move || {
        // SplitMix64, so that every run asks the same.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut places = Vec::with_capacity(POINTS);
    while places.len() < POINTS && actors.located() > 0 {
        let at = random() as usize % actors.located();
        let mut jitter = || (random() % 10_000) as f64 / 100_000.0 - 0.05;
        let place = actors.place(at).and_then(|p| LonLat::new(p.lon() + jitter(), p.lat() + jitter()));
        places.extend(place);
    }
    places
}

fn lookups(snapshot: &Snapshot) {
    let places = places(snapshot);
    let units = snapshot.units();
    for what in ["first", "again"] {
        let begun = Instant::now();
        let found: usize =
            places.par_iter().map(|&at| units.levels(at).iter().filter(|n| units.get(**n).is_some()).count()).sum();
        let took = begun.elapsed().as_secs_f64();
        println!("{} points to six levels, {what}: {took:.3} s ({found} units)", places.len());
    }
    let begun = Instant::now();
    let found: usize = places.par_iter().map(|&at| units.lookup(at).len()).sum();
    println!("one by one, as GET /lookup: {:.3} s ({found} units)", begun.elapsed().as_secs_f64());
}

fn tables(snapshot: &Snapshot) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::from("id,lon,lat,name\n");
    let mut lines = String::new();
    for (n, at) in places(snapshot).iter().enumerate() {
        let _ = writeln!(text, "{n},{:.6},{:.6},Place {n}", at.lon(), at.lat());
        let _ = writeln!(lines, "{{\"id\":{n},\"lon\":{:.6},\"lat\":{:.6}}}", at.lon(), at.lat());
    }
    for (records, text) in [(Records::Csv, text.as_bytes()), (Records::NdJson, lines.as_bytes())] {
        let begun = Instant::now();
        let first = if records == Records::Csv { first_record(text).unwrap_or(0) } else { 0 };
        let (table, _) = Table::new(records, &text[..first], &Columns::default())?;
        let mut splitter = Splitter::new(&table);
        let mut pieces = Vec::new();
        splitter.push(&text[first..], 256 << 10, &mut pieces);
        splitter.finish(&mut pieces);
        let split = begun.elapsed().as_secs_f64();
        let bytes: usize = pieces.par_iter().map(|piece| table.append(snapshot.units(), piece).len()).sum();
        let took = begun.elapsed().as_secs_f64();
        println!("{POINTS} rows of {records:?}: {took:.3} s (cutting {split:.3} s), {bytes} bytes out");
    }
    Ok(())
}

fn searches(snapshot: &Snapshot) {
    let begun = Instant::now();
    snapshot.warm();
    println!("index of names: {:.3} s", begun.elapsed().as_secs_f64());
    for query in QUERIES {
        let mut times: Vec<Duration> = (0..9)
            .map(|_| {
                let begun = Instant::now();
                std::hint::black_box(snapshot.search_by_type(query, 10, &[], "fr"));
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        let best = snapshot.search(query, 1, &[], "fr");
        let best = best.first().map_or("", |hit| hit.name.as_str());
        println!("search {query:?}: {:.2} ms ({best})", times[4].as_secs_f64() * 1e3);
    }
}

fn exports(snapshot: &Snapshot) -> Result<(), Box<dyn std::error::Error>> {
    let most = Filter { example: None, bbox: Some(parvis_model::Bbox::parse("-180,-90,180,90")?), ..Filter::default() };
    let selection = snapshot.select(Collection::Actors, &most)?;
    for format in Format::ALL {
        let begun = Instant::now();
        let mut out = BufWriter::new(Counted(tempfile::tempfile()?, 0));
        export(snapshot, &selection, format, &mut out)?;
        out.flush()?;
        let bytes = out.get_ref().1;
        let took = begun.elapsed().as_secs_f64();
        println!("export of {} rows as {}: {took:.3} s, {bytes} bytes", selection.total(), format.ext());
    }
    Ok(())
}

struct Counted<W>(W, u64);

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.0.write(bytes)?;
        self.1 += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
