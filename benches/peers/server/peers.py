"""How each server is started: ours and the peers, in their own way, with one worker on the servers' core."""

import os
import shutil
import sys
from pathlib import Path

import load
import ours
import prepare
from prepare import SCALE, WORK
from processes import SERVER_CORE, Server, start

BIN = Path(sys.executable).parent
MARTIN = os.environ.get("MARTIN_BIN") or shutil.which("martin") or str(WORK / "tools/bin/martin")
PORTS = {"parvis": 8971, "martin": 8972, "nginx": 8973, "tipg": 8974, "pygeoapi": 8975}

NGINX = """daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/octet-stream;
  types {{ application/vnd.mapbox-vector-tile mvt; }}
  open_file_cache max=30000 inactive=60s;
  client_body_temp_path {work}/nginx-tmp; proxy_temp_path {work}/nginx-tmp; fastcgi_temp_path {work}/nginx-tmp;
  uwsgi_temp_path {work}/nginx-tmp; scgi_temp_path {work}/nginx-tmp;
  server {{
    listen 127.0.0.1:{port}; root {tiles}; gzip_static always; etag on;
    add_header Access-Control-Allow-Origin *; add_header Cache-Control no-cache; add_header Vary Accept-Encoding;
  }}
}}
"""

PYGEOAPI = """server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en-US]
  limits: {{default_items: 100, max_items: 10000}}
  map: {{url: https://example.org, attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: peers, description: peers, keywords: [peers], url: https://example.org}}
  license: {{name: etalab-2.0}}
  provider: {{name: peers}}
  contact: {{name: peers}}
resources:
  actors:
    type: collection
    title: actors
    description: actors
    keywords: [actors]
    extents: {{spatial: {{bbox: [-180, -90, 180, 90]}}}}
    providers:
      - type: feature
        name: PostgreSQL
        data: {{host: 127.0.0.1, port: {pg}, dbname: postgres, user: postgres, password: none, search_path: [public]}}
        id_field: id
        table: places
        geom_field: geom
"""


def parvis(data: Path | None = None, cores: str = SERVER_CORE) -> Server:
    command = [ours.PROGRAM, "serve", "--data", str(data or SCALE / "data"), "--log", "error"]
    command += ["--bind", f"127.0.0.1:{PORTS['parvis']}"]
    return start("parvis", command, PORTS["parvis"], "/ready", WORK / "parvis.log", cores=cores)


def prepared(data: Path | None = None) -> Server:
    """Ours, once it has made what it makes beside the first requests: the index of names, the cells of points."""
    server = parvis(data)
    load.ask(server, ["/search?q=a", "/tiles/heat/0/0/0"])
    return server


def martin_archive(ready: str = "/health") -> Server:
    command = [MARTIN, "--listen-addresses", f"127.0.0.1:{PORTS['martin']}", "--workers", "1", str(prepare.archive())]
    return start("martin", command, PORTS["martin"], ready, WORK / "martin.log", {"RUST_LOG": "error"})


def martin_postgis() -> Server:
    """Without its cache of tiles: every request is one that it has not seen."""
    config = WORK / "martin.yaml"
    config.write_text(
        f"listen_addresses: 127.0.0.1:{PORTS['martin']}\nworker_processes: 1\ncache_size_mb: 0\n"
        f"postgres:\n  connection_string: {prepare.PG_URL}\n  auto_publish: false\n"
        "  functions:\n    filtered: {schema: public, function: filtered}\n"
    )
    command = [MARTIN, "--config", str(config)]
    return start("martin + PostGIS", command, PORTS["martin"], "/health", WORK / "martin-pg.log", {"RUST_LOG": "error"})


def nginx() -> Server:
    config = WORK / "nginx.conf"
    (WORK / "nginx-tmp").mkdir(exist_ok=True)
    # Its workers must be allowed to read the tiles, whoever starts it.
    user = "user root; " if os.getuid() == 0 else ""
    config.write_text(user + NGINX.format(work=WORK, port=PORTS["nginx"], tiles=prepare.TILES))
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
    command = [program, "-c", str(config), "-e", str(WORK / "nginx-error.log")]
    return start("nginx", command, PORTS["nginx"], "/0/0/0.mvt", WORK / "nginx.log")


def tipg() -> Server:
    command = [str(BIN / "uvicorn"), "tipg.main:app", "--port", str(PORTS["tipg"]), "--log-level", "error"]
    env = {"DATABASE_URL": prepare.PG_URL, "TIPG_DB_SCHEMAS": '["public"]', "TIPG_MAX_FEATURES_PER_QUERY": "10000"}
    return start("tipg", command, PORTS["tipg"], "/healthz", WORK / "tipg.log", env)


def pygeoapi() -> Server:
    config, document = WORK / "pygeoapi.yml", WORK / "pygeoapi-openapi.yml"
    config.write_text(PYGEOAPI.format(port=PORTS["pygeoapi"], pg=prepare.PG_PORT))
    document.write_text("openapi: 3.0.2\ninfo: {title: peers, version: '1'}\npaths: {}\n")
    command = [str(BIN / "gunicorn"), "--workers", "1", "--bind", f"127.0.0.1:{PORTS['pygeoapi']}", "pygeoapi.flask_app:APP"]
    env = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    return start("pygeoapi", command, PORTS["pygeoapi"], "/conformance?f=json", WORK / "pygeoapi.log", env)
