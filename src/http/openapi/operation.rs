//! One method of one URL, and the answers that all URLs share.

use serde_json::{Map, Value, json};

use super::filter;
use crate::http::filter::FILTER;

/// One method of one URL.
pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) method: &'static str,
    pub(super) id: &'static str,
    summary: &'static str,
    about: Option<&'static str>,
    parameters: Vec<String>,
    body: Option<Value>,
    content: Vec<(&'static str, &'static str, Option<Value>)>,
    answers: Vec<(&'static str, Value)>,
}

impl Operation {
    /// `GET` (and so `HEAD`) of a path. `id`: the operationId, one of its own.
    pub(super) fn get(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self {
            path,
            method: "get",
            id,
            summary,
            about: None,
            parameters: Vec::new(),
            body: None,
            content: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// `POST` of a path, with what it takes as a body by media type, each a schema of `components`.
    pub(super) fn post(
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        body: &[(&'static str, &'static str)],
    ) -> Self {
        let content: Map<String, Value> = body.iter().map(|(name, schema)| media(&(name, schema, None))).collect();
        let body = json!({ "required": true, "content": content });
        Self { method: "post", body: Some(body), ..Self::get(path, id, summary) }
    }

    /// More than fits into a line.
    pub(super) fn about(mut self, text: &'static str) -> Self {
        self.about = Some(text);
        self
    }

    /// Parameters, by their keys in `components.parameters`.
    pub(super) fn takes(mut self, parameters: &[&'static str]) -> Self {
        self.parameters.extend(parameters.iter().map(|p| (*p).to_owned()));
        self
    }

    /// Some parameters of the filter.
    pub(super) fn filtered_by(mut self, names: &[&str]) -> Self {
        self.parameters.extend(names.iter().map(|name| filter::key(name)));
        self
    }

    /// All parameters of the filter.
    pub(super) fn filtered(self) -> Self {
        self.filtered_by(FILTER)
    }

    /// A media type of the 200, and the key of its schema.
    pub(super) fn gives(mut self, media: &'static str, schema: &'static str) -> Self {
        self.content.push((media, schema, None));
        self
    }

    /// An example of the media type given last.
    pub(super) fn example(mut self, example: Value) -> Self {
        if let Some(last) = self.content.last_mut() {
            last.2 = Some(example);
        }
        self
    }

    /// Another status that is no error.
    pub(super) fn answers(mut self, status: &'static str, description: &str) -> Self {
        self.answers.push((status, json!({ "description": description })));
        self
    }

    /// A redirect.
    pub(super) fn redirects(mut self, status: &'static str, description: &str) -> Self {
        let location = json!({ "description": "Where it is", "schema": { "type": "string", "format": "uri" } });
        self.answers.push((status, json!({ "description": description, "headers": { "Location": location } })));
        self
    }

    /// The operation object.
    pub(super) fn to_json(&self, tag: &str) -> Value {
        let parameters: Vec<Value> = self.parameters.iter().map(|p| reference("parameters", p)).collect();
        let mut responses = Map::new();
        if !self.content.is_empty() {
            let content: Map<String, Value> = self.content.iter().map(media).collect();
            responses.insert("200".to_owned(), json!({ "description": self.summary, "content": content }));
        }
        for (status, answer) in &self.answers {
            responses.insert((*status).to_owned(), answer.clone());
        }
        if self.method == "get" {
            responses.insert("304".to_owned(), json!({ "description": "What you hold is still so" }));
        }
        for (status, name) in [("400", "BadRequest"), ("404", "NotFound"), ("503", "Busy"), ("default", "Problem")] {
            responses.insert(status.to_owned(), reference("responses", name));
        }
        let mut operation = json!({
            "tags": [tag], "operationId": self.id, "summary": self.summary,
            "parameters": parameters, "responses": responses,
        });
        if let Some(text) = self.about {
            operation["description"] = text.into();
        }
        if let Some(body) = &self.body {
            operation["requestBody"] = body.clone();
        }
        operation
    }
}

fn media((media, schema, example): &(&'static str, &'static str, Option<Value>)) -> (String, Value) {
    let mut described = json!({ "schema": reference("schemas", schema) });
    if let Some(example) = example {
        described["example"] = example.clone();
    }
    ((*media).to_owned(), described)
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The error answers.
pub(super) fn problems() -> Value {
    let problem = |description: &str, status: u16, title: &str, detail: &str| {
        let kind = title.to_ascii_lowercase().replace(' ', "-");
        let example =
            json!({ "type": format!("urn:parvis:problem:{kind}"), "title": title, "status": status, "detail": detail });
        json!({
            "description": description,
            "content": { "application/problem+json": { "schema": reference("schemas", "problem"), "example": example } },
        })
    };
    json!({
        "BadRequest": problem("A parameter is unknown, given twice or not what it must be", 400, "Bad Request", "unknown parameter `bbx`; known: f, limit, bbox"),
        "NotFound": problem("There is no such thing", 404, "Not Found", "actors has no item `actor:x:1`"),
        "Busy": problem("Too much to do at once, or no edition yet; `Retry-After` says when to come back", 503, "Service Unavailable", "the server is busy; try again in a moment"),
        "Problem": problem("Why the request cannot be answered (RFC 9457)", 405, "Method Not Allowed", "this URL takes GET and HEAD only"),
    })
}
