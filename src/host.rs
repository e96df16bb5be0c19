//! Host names, addresses and networks as users and catalogues name them, and how they match.
