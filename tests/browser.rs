//! The page and the report in a real browser: `browser/*.test.mjs`, which node runs against a
//! server of the program that was built for the test.
//!
//! It needs node, `npm ci --prefix tests/browser` and Chromium. Where one is missing it says so and
//! is skipped; with `CI=true` or `SMARTHOP_BROWSER=require` that is a failure. Pictures of what
//! was seen are in `target/browser/`; `SMARTHOP_SCREENSHOT=1` writes the README's anew.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::env;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// So many tests there are at least; fewer would mean that files were not found.
const TESTS_MIN: usize = 12;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve() -> (Server, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_smarthop"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_remove("SMARTHOP_POLICY")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let server = Server(child);
    let address = loop {
        let line = lines.next().expect("it says where it listens").unwrap();
        if let Some(address) = line.strip_prefix("listening on ") {
            break address.to_owned();
        }
    };
    // What it logs is read, so that it never waits for a reader.
    std::thread::spawn(move || lines.count());
    (server, address)
}

fn chromium() -> Option<PathBuf> {
    let named = env::var_os("SMARTHOP_CHROMIUM").map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome"];
    let known = known.map(|name| Path::new("/usr/bin").join(name));
    named.into_iter().chain(known).find(|path| path.exists())
}

fn what_is_missing(folder: &Path) -> Option<&'static str> {
    if Command::new("node").arg("--version").output().is_err() {
        return Some("node (20 or later)");
    }
    if chromium().is_none() {
        return Some("Chromium (/usr/bin/chromium, or SMARTHOP_CHROMIUM)");
    }
    let modules = ["playwright-core", "axe-core"];
    let modules = modules.map(|name| folder.join("node_modules").join(name).join("package.json"));
    let missing = modules.iter().any(|path| !path.exists());
    missing.then_some("the node modules (`npm ci --prefix tests/browser`)")
}

#[test]
fn in_a_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/browser");
    if let Some(missing) = what_is_missing(&folder) {
        let is_required = env::var("CI").is_ok_and(|value| value == "true")
            || env::var("SMARTHOP_BROWSER").is_ok_and(|value| value == "require");
        assert!(
            !is_required,
            "the browser tests cannot run: {missing} is missing"
        );
        // Not by a macro: those are kept from view where a test passes.
        let _ = writeln!(
            io::stderr(),
            "SKIPPED the browser tests: {missing} is missing"
        );
        return;
    }
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("browser");
    std::fs::create_dir_all(&shots).unwrap();
    let (_server, address) = serve();
    let run = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-concurrency=1"])
        .args([folder.join("page.test.mjs"), folder.join("report.test.mjs")])
        .current_dir(root)
        .env("SMARTHOP_URL", address)
        .env("SMARTHOP_PROGRAM", env!("CARGO_BIN_EXE_smarthop"))
        .env("SMARTHOP_CHROMIUM", chromium().unwrap())
        .env("SMARTHOP_SHOTS", shots)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    let count = |what: &str| -> usize {
        let mut lines = told.lines().filter_map(|line| line.strip_prefix(what));
        lines
            .next_back()
            .and_then(|count| count.trim().parse().ok())
            .unwrap_or(0)
    };
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{told}\n{errors}");
    assert!(
        count("# pass ") >= TESTS_MIN && count("# skipped ") == 0,
        "{told}\n{errors}"
    );
}
