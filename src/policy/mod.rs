//! What is expected of which sender: connectors, accounts, domains. Knows nothing of messages.
