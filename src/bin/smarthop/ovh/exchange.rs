//! An Exchange service and the objects in it, as the API has them.
//!
//! Objects stay JSON: which of their properties may be written is `connector.rs`'s, what they
//! mean for mail is `smarthop::policy::import`'s.

use std::fmt;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;
use smarthop::report::printable;

use super::client::{Client, encoded};
use super::trouble::Trouble;

/// How many objects are read at a time: a thousand accounts are a thousand calls, and the
/// platform refuses callers that ask too much at once.
const AT_A_TIME: usize = 4;

/// Why a command ends.
#[derive(Debug)]
pub(crate) enum Failure {
    Call(Trouble),
    /// What is wrong, and what would help.
    Says(String),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Call(trouble)
    }
}

impl From<String> for Failure {
    fn from(says: String) -> Self {
        Self::Says(says)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(trouble) => write!(f, "{trouble}"),
            Self::Says(says) => f.write_str(says),
        }
    }
}

/// A service, chosen.
pub(crate) struct Exchange<'c> {
    pub(crate) client: &'c Client,
    organization: String,
    service: String,
}

impl fmt::Display for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&full_name(&self.organization, &self.service))
    }
}

/// An organization's only service bears its name; then that is enough.
fn full_name(organization: &str, service: &str) -> String {
    let (organization, service) = (printable(organization), printable(service));
    match organization == service {
        true => service.into_owned(),
        false => format!("{organization}/{service}"),
    }
}

impl<'c> Exchange<'c> {
    /// The service of this name, as `SERVICE` or `ORGANIZATION/SERVICE`; the only one, where none
    /// is named.
    pub(crate) fn choose(client: &'c Client, wanted: Option<&str>) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for organization in names(client, "/email/exchange")? {
            let path = format!("/email/exchange/{}/service", encoded(&organization));
            for service in names(client, &path)? {
                all.push((organization.clone(), service));
            }
        }
        let list = |services: &[(String, String)]| {
            let names = services
                .iter()
                .map(|(o, s)| format!("\n  {}", full_name(o, s)));
            names.collect::<String>()
        };
        if all.is_empty() {
            return Err(Failure::Says(
                "these credentials see no Exchange service: are they of the right account, and the endpoint of the right region?"
                    .to_owned(),
            ));
        }
        let known = list(&all);
        let several = all.len() > 1;
        if let Some(wanted) = wanted {
            all.retain(|(organization, service)| match wanted.split_once('/') {
                Some((first, second)) => organization == first && service == second,
                None => service == wanted,
            });
        }
        match (all.pop(), all.is_empty(), wanted) {
            (Some((organization, service)), true, _) => Ok(Self {
                client,
                organization,
                service,
            }),
            (Some(_), _, None) => Err(Failure::Says(format!(
                "there are several services: name one of{known}"
            ))),
            (Some(_), _, Some(wanted)) => Err(Failure::Says(format!(
                "several services are called {:?}: name one of{known}",
                printable(wanted)
            ))),
            (None, ..) => {
                let known = match several {
                    true => format!("there are{known}"),
                    false => format!("there is{known}"),
                };
                Err(Failure::Says(format!(
                    "no service is called {:?}: {known}",
                    printable(wanted.unwrap_or_default())
                )))
            }
        }
    }

    /// The path of the service, or of what is in it.
    pub(crate) fn path(&self, parts: &[&str]) -> String {
        let mut path = format!(
            "/email/exchange/{}/service/{}",
            encoded(&self.organization),
            encoded(&self.service)
        );
        for part in parts {
            path.push('/');
            path.push_str(&encoded(part));
        }
        path
    }

    pub(crate) fn get(&self, parts: &[&str]) -> Result<Value, Trouble> {
        self.client.get(&self.path(parts))
    }

    pub(crate) fn names(&self, parts: &[&str]) -> Result<Vec<String>, Trouble> {
        names(self.client, &self.path(parts))
    }

    /// The ids of the connectors, ascending.
    pub(crate) fn connector_ids(&self) -> Result<Vec<u64>, Trouble> {
        let path = self.path(&["sendConnector"]);
        let answer = self.client.get(&path)?;
        let ids = answer.as_array().and_then(|ids| {
            let ids = ids.iter().map(Value::as_u64);
            ids.collect::<Option<Vec<_>>>()
        });
        let mut ids = ids.ok_or_else(|| {
            Trouble::strange(&format!("GET {path}"), "where a list of ids is expected")
        })?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// Every connector: its id and itself.
    pub(crate) fn connectors(&self) -> Result<Vec<(u64, Value)>, Trouble> {
        let ids = self.connector_ids()?;
        let read = |id: &u64| self.get(&["sendConnector", &id.to_string()]);
        let found = each(&ids, read, &|| {})?;
        Ok(ids.into_iter().zip(found).collect())
    }

    /// Every account: its address and itself; and the addresses that were listed and gone when
    /// they were read.
    pub(crate) fn accounts(
        &self,
        begin: &dyn Fn(usize),
        done: &(dyn Fn() + Sync),
    ) -> Result<(Accounts, Vec<String>), Trouble> {
        let addresses = self.names(&["account"])?;
        begin(addresses.len());
        let read = |address: &String| match self.get(&["account", address]) {
            Err(trouble) if trouble.status() == Some(404) => Ok(Err(trouble)),
            other => other.map(Ok),
        };
        let found = each(&addresses, read, done)?;
        let mut accounts = Vec::with_capacity(addresses.len());
        let mut lost = Vec::new();
        for (address, found) in addresses.into_iter().zip(found) {
            match found {
                Ok(account) => accounts.push((address, account)),
                Err(trouble) => lost.push((address, trouble)),
            }
        }
        if lost.is_empty() {
            return Ok((accounts, Vec::new()));
        }
        let listed = self.names(&["account"])?;
        let mut gone = Vec::new();
        for (address, trouble) in lost {
            match listed.contains(&address) {
                // Listed and not there: a policy without it would look whole and not be.
                true => return Err(trouble),
                false => gone.push(address),
            }
        }
        Ok((accounts, gone))
    }
}

/// Addresses and what the API says of each.
pub(crate) type Accounts = Vec<(String, Value)>;

/// A list of names.
fn names(client: &Client, path: &str) -> Result<Vec<String>, Trouble> {
    let answer = client.get(path)?;
    let names = answer.as_array().and_then(|names| {
        let names = names.iter().map(|name| name.as_str().map(str::to_owned));
        names.collect::<Option<Vec<_>>>()
    });
    names.ok_or_else(|| {
        Trouble::strange(&format!("GET {path}"), "where a list of names is expected")
    })
}

/// What each item gives, in the items' order; some at a time. The first trouble ends it.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    act: impl Fn(&T) -> Result<R, Trouble> + Sync,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<R>, Trouble> {
    let next = AtomicUsize::new(0);
    let ended = AtomicBool::new(false);
    let found: Mutex<Vec<(usize, Result<R, Trouble>)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(items.len()) {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else {
                        return;
                    };
                    let result = act(item);
                    ended.fetch_or(result.is_err(), Ordering::Relaxed);
                    done();
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.push((at, result));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, result)| result).collect()
}

/// What a property says, `null` as absent.
pub(crate) fn text<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    let found = object.get(key).and_then(Value::as_str);
    found.filter(|text| !text.is_empty())
}
