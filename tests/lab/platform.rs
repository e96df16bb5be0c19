//! The lab's platform: started in namespaces of its own by `up.sh`, ended with the test.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What `up.sh` starts and calls.
const PROGRAMS: &[&str] = &[
    "/usr/lib/postfix/sbin/master",
    "/usr/sbin/postmap",
    "/usr/sbin/dovecot",
    "/usr/lib/dovecot/imap",
    "/usr/lib/dovecot/pop3",
    "/usr/lib/dovecot/lmtp",
    "/usr/sbin/unbound",
    "/usr/sbin/opendkim",
    "/usr/bin/policyd-spf",
    "/usr/bin/openssl",
    "/usr/bin/unshare",
    "/usr/bin/nsenter",
];

pub(crate) struct Lab {
    unshare: Child,
    /// The first process of the namespaces, as it is called outside.
    init: u32,
}

/// What is missing, in words.
fn missing() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("Linux".to_owned());
    }
    if let Some(program) = PROGRAMS.iter().find(|path| !Path::new(path).exists()) {
        return Some((*program).to_owned());
    }
    let mut command = Command::new("unshare");
    command.args(["--net", "--mount", "--pid", "--fork", "true"]);
    let made = command.stderr(Stdio::null()).status();
    let is_root = made.is_ok_and(|status| status.success());
    (!is_root).then(|| "the right to make namespaces (root)".to_owned())
}

impl Lab {
    /// None where it cannot be here, which is said; where `SMARTHOP_LAB=require`, that fails.
    pub(crate) fn start() -> Option<Self> {
        if let Some(what) = missing() {
            let says = format!("the lab of real mail servers was left out: it needs {what}");
            assert!(
                std::env::var("SMARTHOP_LAB").as_deref() != Ok("require"),
                "{says}"
            );
            // The harness keeps to itself only what `println!` and its kin write.
            let _ = writeln!(io::stderr(), "{says}");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/up.sh");
        let mut unshare = Command::new("unshare")
            .args(["--net", "--mount", "--pid", "--uts", "--ipc", "--fork"])
            .args(["--kill-child", "--mount-proc", "--"])
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut out = BufReader::new(unshare.stdout.take().unwrap());
        out.read_line(&mut said).unwrap();
        if said != "ready\n" {
            let mut err = String::new();
            unshare.kill().unwrap();
            let _ = unshare.stderr.take().unwrap().read_to_string(&mut err);
            panic!("the lab did not start: {said}{err}");
        }
        let children = format!("/proc/{0}/task/{0}/children", unshare.id());
        let init = fs::read_to_string(children).unwrap();
        let init = init.trim().parse().unwrap();
        Some(Self { unshare, init })
    }

    /// A command inside of it.
    pub(crate) fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &self.init.to_string()])
            .args(["--net", "--mount", "--pid", "--uts", "--ipc", "--"])
            .arg(program)
            .args(args)
            .stdin(Stdio::null());
        command
    }

    /// What a command prints; it must succeed.
    pub(crate) fn says(&self, program: &str, args: &[&str]) -> String {
        let output = self.command(program, args).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?}: {err}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Binds these accounts to the send connector, and no others.
    pub(crate) fn bind(&self, addresses: &[&str]) {
        self.says("/mnt/bind.sh", addresses);
    }

    /// What the servers logged last.
    pub(crate) fn logs(&self) -> String {
        let script = "tail -n 25 /mnt/*/log /mnt/dovecot.log";
        let output = self.command("sh", &["-c", script]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.unshare.kill();
        let _ = self.unshare.wait();
    }
}
