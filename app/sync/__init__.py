"""The exchange with the central: protocol, outbox, client, merge, conflicts."""
