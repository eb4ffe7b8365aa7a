//! The public address of the service, which links and tile URLs start with.

use http::{HeaderMap, HeaderName, Uri, header};

use super::error::ApiError;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Why a base path or public URL of the configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Not a path of plain segments.
    #[error("the base path `{0}` must be like /carto or /maps/carto: letters, digits, `-`, `_`, `.` and `~`")]
    BasePath(String),
    /// Not an absolute URL.
    #[error("the public URL `{0}` must start with http:// or https://, and have a host, no query and no fragment")]
    PublicUrl(String),
    /// Not a list of origins.
    #[error("`{0}` must be * or origins such as https://example.org, with commas between")]
    EmbedFrom(String),
}

/// Brings a base path into one form: empty for the root, else `/carto` with no slash at the end.
///
/// # Errors
/// [`AddressError::BasePath`] when a segment is empty, `.`, `..` or holds anything but unreserved characters.
pub fn base_path(text: &str) -> Result<String, AddressError> {
    let inner = text.trim().trim_matches('/');
    if inner.is_empty() {
        return Ok(String::new());
    }
    let plain = |s: &str| s.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c));
    if inner.split('/').all(|s| !s.is_empty() && s != "." && s != ".." && plain(s)) {
        Ok(format!("/{inner}"))
    } else {
        Err(AddressError::BasePath(text.to_owned()))
    }
}

/// Checks a public URL and drops the slash at its end. It is complete: the base path is part of it.
///
/// # Errors
/// [`AddressError::PublicUrl`].
pub fn public_url(text: &str) -> Result<String, AddressError> {
    let wrong = || AddressError::PublicUrl(text.to_owned());
    let url = text.trim().trim_end_matches('/');
    let uri: Uri = url.parse().ok().ok_or_else(wrong)?;
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.authority().is_some_and(|a| is_host(a.as_str()));
    if scheme && host && uri.query().is_none() && !url.contains(['#', '"', '<', '>', '\\']) {
        Ok(url.to_owned())
    } else {
        Err(wrong())
    }
}

/// Brings a list of origins that may frame the map into the form of `frame-ancestors`: `*`, `'none'` for an empty
/// list, or origins.
///
/// # Errors
/// [`AddressError::EmbedFrom`] when one is not scheme, host and port alone.
pub fn embed_from(text: &str) -> Result<String, AddressError> {
    let text = text.trim();
    if text == "*" {
        return Ok("*".to_owned());
    }
    let origins: Vec<&str> = text.split(',').map(str::trim).filter(|o| !o.is_empty()).collect();
    let is_origin = |origin: &&str| {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        host.is_some_and(|host| is_host(host.strip_prefix("*.").unwrap_or(host)))
    };
    if !origins.iter().all(is_origin) {
        return Err(AddressError::EmbedFrom(text.to_owned()));
    }
    Ok(if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") })
}

/// The address that this request came by: scheme and host from `X-Forwarded-Proto` and
/// `X-Forwarded-Host` (the first of a list), else `Host`; then the base path. No slash at the end.
///
/// # Errors
/// [`ApiError::BadRequest`] when the host is not one: it would end up in links.
pub fn of_request(headers: &HeaderMap, uri: &Uri, base_path: &str) -> Result<String, ApiError> {
    let scheme = match first(headers, &FORWARDED_PROTO) {
        Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    let host = first(headers, &FORWARDED_HOST)
        .or_else(|| first(headers, &header::HOST))
        .or_else(|| uri.authority().map(http::uri::Authority::as_str))
        .unwrap_or("localhost");
    if is_host(host) {
        Ok(format!("{scheme}://{host}{base_path}"))
    } else {
        Err(ApiError::BadRequest("the Host header is not a host name".to_owned()))
    }
}

fn first<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().unwrap_or("\0");
    Some(value.split(',').next().unwrap_or_default().trim()).filter(|v| !v.is_empty())
}

/// A name or address with an optional port; no user, nothing that could leave a URL, JSON or HTML.
pub(crate) fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    (1..=255).contains(&text.len()) && text.chars().all(plain) && text.starts_with(|c: char| c != ':' && c != '.')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    fn of(pairs: &[(&'static str, &'static str)]) -> Result<String, ApiError> {
        of_request(&headers(pairs), &Uri::from_static("/x"), "/carto")
    }

    #[test]
    fn the_address_is_the_one_the_client_used() {
        assert_eq!(of(&[("host", "127.0.0.1:8080")]).unwrap(), "http://127.0.0.1:8080/carto");
        let proxied =
            [("host", "inner:1"), ("x-forwarded-host", "map.example.org, b"), ("x-forwarded-proto", "https,http")];
        assert_eq!(of(&proxied).unwrap(), "https://map.example.org/carto");
        assert_eq!(of(&[("host", "[::1]:80"), ("x-forwarded-proto", "javascript")]).unwrap(), "http://[::1]:80/carto");
        assert_eq!(of(&[]).unwrap(), "http://localhost/carto");
    }

    #[test]
    fn a_host_that_is_none_is_refused() {
        for host in ["a b", "evil.org/path", "x\"><script>", "user@host", ":80", "a?b", "é"] {
            let value = HeaderValue::from_bytes(host.as_bytes()).unwrap();
            let headers = HeaderMap::from_iter([(header::HOST, value)]);
            assert!(of_request(&headers, &Uri::from_static("/"), "").is_err(), "{host}");
        }
    }

    #[test]
    fn who_may_frame_the_map_is_a_list_of_origins() {
        assert_eq!(embed_from("*").as_deref(), Ok("*"));
        assert_eq!(embed_from("").as_deref(), Ok("'none'"));
        let two = embed_from("https://a.example, https://*.b.example:8443");
        assert_eq!(two.as_deref(), Ok("https://a.example https://*.b.example:8443"));
        for bad in ["a.example", "https://a/b", "https://a; script-src *", "'self'", "javascript:x", "https://"] {
            assert!(embed_from(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn configured_addresses_have_one_form() {
        for (text, path) in [("", ""), ("/", ""), ("carto", "/carto"), ("/carto/", "/carto"), ("/a/b.c", "/a/b.c")] {
            assert_eq!(base_path(text).as_deref(), Ok(path));
        }
        for bad in ["/a//b", "/../x", "/{id}", "/a b", "/*"] {
            assert!(base_path(bad).is_err(), "{bad}");
        }
        assert_eq!(public_url("https://map.example.org/carto/").as_deref(), Ok("https://map.example.org/carto"));
        for bad in ["map.example.org", "ftp://x", "https://", "https://x/?a=1", "javascript:alert(1)", "https://x/#a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
