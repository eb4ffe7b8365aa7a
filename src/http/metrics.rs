//! Counters in the Prometheus text format. Fixed arrays of atomics: nothing is allocated per request.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::StatusCode;

/// The statuses told apart; any other counts as the last.
const STATUSES: [u16; 18] = [200, 204, 206, 304, 307, 308, 400, 404, 405, 408, 410, 413, 414, 415, 416, 431, 500, 503];

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The label of requests that no route takes.
const NO_ROUTE: &str = "none";

#[derive(Debug, Default)]
struct Route {
    statuses: [AtomicU64; STATUSES.len() + 1],
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
    bytes: AtomicU64,
}

/// What the service counts.
#[derive(Debug)]
pub struct Metrics {
    routes: HashMap<&'static str, Route>,
    /// Dynamic tiles found in the cache.
    pub tile_hits: AtomicU64,
    /// Dynamic tiles that had to be made.
    pub tile_misses: AtomicU64,
    /// Editions taken into service since the start.
    pub reloads: AtomicU64,
}

impl Metrics {
    /// Counters for these routes.
    pub fn new(routes: impl IntoIterator<Item = &'static str>) -> Self {
        let routes = routes.into_iter().chain([NO_ROUTE]).map(|r| (r, Route::default())).collect();
        Self { routes, tile_hits: AtomicU64::new(0), tile_misses: AtomicU64::new(0), reloads: AtomicU64::new(0) }
    }

    /// The name to log and count a request by: the pattern of its route, never its path.
    pub fn route_name(&self, pattern: Option<&str>) -> &'static str {
        pattern.and_then(|p| self.routes.get_key_value(p)).map_or(NO_ROUTE, |(name, _)| *name)
    }

    /// Counts one answer.
    pub fn count(&self, route: &'static str, status: StatusCode, took: Duration, bytes: u64) {
        let Some(route) = self.routes.get(route) else { return };
        let status = STATUSES.iter().position(|s| *s == status.as_u16()).unwrap_or(STATUSES.len());
        let seconds = took.as_secs_f64();
        let bucket = BUCKETS.iter().position(|b| seconds <= *b).unwrap_or(BUCKETS.len());
        route.statuses[status].fetch_add(1, Relaxed);
        route.buckets[bucket].fetch_add(1, Relaxed);
        route.micros.fetch_add(took.as_micros() as u64, Relaxed);
        route.bytes.fetch_add(bytes, Relaxed);
    }

    /// Everything counted by route, in the text format. Routes that nobody asked are left out.
    pub fn render(&self) -> String {
        let mut out = String::with_capacity(8192);
        let mut routes: Vec<_> = self.routes.iter().filter(|(_, r)| total(&r.buckets) > 0).collect();
        routes.sort_unstable_by_key(|(name, _)| **name);
        head(&mut out, "parvis_http_requests_total", "counter", "Requests answered, by route and status.");
        for (name, route) in &routes {
            for (i, count) in route.statuses.iter().enumerate() {
                let count = count.load(Relaxed);
                let status = STATUSES.get(i).map_or_else(|| "other".to_owned(), u16::to_string);
                if count > 0 {
                    let _ = writeln!(out, "parvis_http_requests_total{{route=\"{name}\",status=\"{status}\"}} {count}");
                }
            }
        }
        head(&mut out, "parvis_http_response_bytes_total", "counter", "Bytes of answers of known length, by route.");
        for (name, route) in &routes {
            let bytes = route.bytes.load(Relaxed);
            let _ = writeln!(out, "parvis_http_response_bytes_total{{route=\"{name}\"}} {bytes}");
        }
        let help = "Time until the head of the answer, by route.";
        head(&mut out, "parvis_http_request_duration_seconds", "histogram", help);
        for (name, route) in &routes {
            histogram(&mut out, name, route);
        }
        for (name, help, value) in [
            ("parvis_tile_cache_hits_total", "Dynamic tiles found in the cache.", &self.tile_hits),
            ("parvis_tile_cache_misses_total", "Dynamic tiles made.", &self.tile_misses),
            ("parvis_reloads_total", "Editions taken into service.", &self.reloads),
        ] {
            head(&mut out, name, "counter", help);
            let _ = writeln!(out, "{name} {}", value.load(Relaxed));
        }
        out
    }
}

/// Writes one gauge with its labels (already escaped) and value.
pub fn gauge(out: &mut String, name: &str, help: &str, labels: &str, value: u64) {
    head(out, name, "gauge", help);
    let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = writeln!(out, "{name}{braces} {value}");
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn histogram(out: &mut String, name: &str, route: &Route) {
    let metric = "parvis_http_request_duration_seconds";
    let mut sum = 0;
    for (i, count) in route.buckets.iter().enumerate() {
        sum += count.load(Relaxed);
        let le = BUCKETS.get(i).map_or_else(|| "+Inf".to_owned(), f64::to_string);
        let _ = writeln!(out, "{metric}_bucket{{route=\"{name}\",le=\"{le}\"}} {sum}");
    }
    let seconds = route.micros.load(Relaxed) as f64 / 1e6;
    let _ = writeln!(out, "{metric}_sum{{route=\"{name}\"}} {seconds}\n{metric}_count{{route=\"{name}\"}} {sum}");
}

fn total(counters: &[AtomicU64]) -> u64 {
    counters.iter().map(|c| c.load(Relaxed)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let metrics = Metrics::new(["/lookup", "/search"]);
        let route = metrics.route_name(Some("/lookup"));
        metrics.count(route, StatusCode::OK, Duration::from_millis(2), 10);
        metrics.count(route, StatusCode::IM_A_TEAPOT, Duration::from_mins(1), 5);
        metrics.count(metrics.route_name(Some("/secret")), StatusCode::NOT_FOUND, Duration::ZERO, 0);
        let text = metrics.render();
        for line in [
            "parvis_http_requests_total{route=\"/lookup\",status=\"200\"} 1",
            "parvis_http_requests_total{route=\"/lookup\",status=\"other\"} 1",
            "parvis_http_requests_total{route=\"none\",status=\"404\"} 1",
            "parvis_http_request_duration_seconds_bucket{route=\"/lookup\",le=\"0.0025\"} 1",
            "parvis_http_request_duration_seconds_bucket{route=\"/lookup\",le=\"+Inf\"} 2",
            "parvis_http_response_bytes_total{route=\"/lookup\"} 15",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert!(!text.contains("/search\"") && !text.contains("secret"), "only routes, and only those asked");
    }
}
