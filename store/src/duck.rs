//! DuckDB, which reads the tables: always bounded, never on the network.

use std::path::Path;

use duckdb::{Config, Connection};

use crate::StoreError;

/// Memory that one connection may use before it spills.
const MEMORY_LIMIT: &str = "256MB";

/// Threads of one connection.
const THREADS: i64 = 2;

/// Opens DuckDB in memory with its limits: memory, threads, a folder to spill to, no extension fetched
/// or loaded by itself, and a configuration that no statement can change.
///
/// # Errors
/// [`StoreError::DuckDb`], with the folder.
pub fn connect(spill: &Path) -> Result<Connection, StoreError> {
    let configure = || {
        let config = Config::default()
            .max_memory(MEMORY_LIMIT)?
            .threads(THREADS)?
            .enable_autoload_extension(false)?
            .with("autoinstall_known_extensions", "false")?
            .with("allow_community_extensions", "false")?
            .with("temp_directory", spill.to_string_lossy())?;
        Connection::open_in_memory_with_flags(config)
    };
    let connection = configure().map_err(StoreError::duck(spill))?;
    connection.execute_batch("SET lock_configuration = true").map_err(StoreError::duck(spill))?;
    Ok(connection)
}
